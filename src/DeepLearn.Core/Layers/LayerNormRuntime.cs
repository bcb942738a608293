using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The runtime of <see cref="LayerNorm"/>.</summary>
internal sealed class LayerNormRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _columns;
    private readonly int _rows;
    private readonly T _epsilon;
    private readonly Parameter<T> _scale;
    private readonly Parameter<T> _shift;

    public LayerNormRuntime(LayerNorm layer, LayerBuild build)
        : base(build.Input, build.Input)
    {
        _columns = build.Input[build.Input.Rank - 1];
        _rows = build.Input.Count / _columns;
        _epsilon = T.CreateChecked(layer.Epsilon);
        _scale = new(build.NameOf("scale"), ParameterRole.NormalizationScale, 1, _columns);
        _shift = new(build.NameOf("shift"), ParameterRole.NormalizationShift, 1, _columns);
        _scale.Value.AsSpan().Fill(T.One);
        Parameters = [_scale, _shift];
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override LayerTraits Traits { get; } =
        new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true };

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new Workspace(InputShape, _rows, _columns, capacity, mode, workers);

    public override unsafe void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        var space = (Workspace)workspace;
        ReadOnlyMatrixView<T> values = input.Numbers;
        fixed (T* from = values.Row(0), to = output.Row(0), scale = _scale.Value.AsSpan(), shift = _shift.Value.AsSpan())
        fixed (T* moments = space.Moments.AsSpan())
        {
            var body = new ForwardPart
            {
                Layer = this,
                Blocks = new(input.Rows, InputShape.Count),
                Input = new(from, values.Stride),
                Output = new(to, output.Stride),
                Scale = scale,
                Shift = shift,
                Moments = moments,
            };
            space.Workers.Run(ref body, body.Blocks.Count);
        }
    }

    public override unsafe void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        var space = (Workspace)workspace;
        ReadOnlyMatrixView<T> values = input.Numbers;
        fixed (T* from = values.Row(0), derivatives = outputGradient.Row(0), to = inputGradient.IsEmpty ? default : inputGradient.Row(0))
        fixed (T* scale = _scale.Value.AsSpan(), moments = space.Moments.AsSpan(), sums = space.Sums.AsSpan())
        {
            var body = new BackwardPart
            {
                Layer = this,
                Blocks = new(input.Rows, InputShape.Count),
                Input = new(from, values.Stride),
                Gradient = new(derivatives, outputGradient.Stride),
                Result = new(to, inputGradient.Stride),
                Scale = scale,
                Moments = moments,
                Sums = sums,
            };
            space.Workers.Run(ref body, body.Blocks.Count);
            Finish(gradients[1], sums, body.Blocks.Count);
            Finish(gradients[0], sums + _columns, body.Blocks.Count);
        }
    }

    /// <summary>Adds up what the blocks summed, in order.</summary>
    private unsafe void Finish(in GradientTarget<T> target, T* sums, int blocks)
    {
        for (int j = 0; j < _columns; j++)
        {
            T total = sums[j];
            for (int block = 1; block < blocks; block++)
                total += sums[((nint)block * 2 * _columns) + j];
            target.Write(j, total);
        }
    }

    /// <summary>Mean and 1 / standard deviation of each row, and what each block sums up for shift and scale.</summary>
    private sealed class Workspace(Shape shape, int rows, int columns, int capacity, RunMode mode, WorkerPool workers)
        : LayerWorkspace<T>(capacity, mode, workers)
    {
        public Matrix<T> Moments { get; } = new(mode == RunMode.Training ? capacity : 0, 2 * rows);

        public Matrix<T> Sums { get; } =
            new(mode == RunMode.Training ? new ExampleBlocks(capacity, shape.Count).Count : 0, 2 * columns);

        public override long MemoryInBytes => Unsafe.SizeOf<T>() * ((long)Moments.Count + Sums.Count);
    }

    private unsafe struct ForwardPart : IParallelBody
    {
        public required LayerNormRuntime<T> Layer;
        public required ExampleBlocks Blocks;
        public required ImageRows<T> Input;
        public required ImageRows<T> Output;
        public required T* Scale;
        public required T* Shift;
        public required T* Moments;

        public readonly void Run(int part)
        {
            int first = Blocks.First(part);
            for (int example = first; example < first + Blocks.Size(part); example++)
            {
                T* moments = Moments == null ? null : Moments + ((nint)example * 2 * Layer._rows);
                RowKernel<T>.Normalize(Input[example], Output[example], Layer._rows, Layer._columns, Layer._epsilon, Scale, Shift, moments);
            }
        }
    }

    private unsafe struct BackwardPart : IParallelBody
    {
        public required LayerNormRuntime<T> Layer;
        public required ExampleBlocks Blocks;
        public required ImageRows<T> Input;
        public required ImageRows<T> Gradient;
        public required ImageRows<T> Result;
        public required T* Scale;
        public required T* Moments;
        public required T* Sums;

        public readonly void Run(int part)
        {
            int first = Blocks.First(part), rows = Layer._rows, columns = Layer._columns;
            T* sums = Sums + ((nint)part * 2 * columns);
            new Span<T>(sums, 2 * columns).Clear();
            for (int example = first; example < first + Blocks.Size(part); example++)
            {
                T* moments = Moments + ((nint)example * 2 * rows);
                RowKernel<T>.AddGradients(Input[example], Gradient[example], rows, columns, moments, sums, sums + columns);
                if (Result.Start != 0)
                    RowKernel<T>.InputGradient(Input[example], Gradient[example], Result[example], rows, columns, Scale, moments);
            }
        }
    }
}
