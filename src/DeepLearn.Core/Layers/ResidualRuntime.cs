using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The runtime of <see cref="Residual"/>.</summary>
internal sealed class ResidualRuntime<T> : LayerRuntime<T>, IFusesRelu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ElementsOfPart = 1 << 12;

    public ResidualRuntime(Shape input, Shape output, LayerRuntime<T> branch, LayerRuntime<T>? projection)
        : base(input, output)
    {
        Branch = branch;
        Projection = projection;
        Parameters = [.. branch.Parameters, .. projection?.Parameters ?? []];
        Buffers = [.. branch.Buffers, .. projection?.Buffers ?? []];
        BackwardNeeds needs = branch.Traits.BackwardNeeds | (projection?.Traits.BackwardNeeds ?? BackwardNeeds.None);
        Traits = new()
        {
            BackwardNeeds = needs & BackwardNeeds.Input,
            KeepsOutputGradient = branch.Traits.KeepsOutputGradient && (projection is null || projection.Traits.KeepsOutputGradient),
        };
    }

    public LayerRuntime<T> Branch { get; }

    public LayerRuntime<T>? Projection { get; }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override IReadOnlyList<StateBuffer<T>> Buffers { get; }

    public override LayerTraits Traits { get; }

    /// <summary>Whether the branch may overwrite the gradient that the other way needs too.</summary>
    public bool CopiesGradient => !Branch.Traits.KeepsOutputGradient;

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new ResidualWorkspace<T>(this, capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: false);

    public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: true);

    private void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace, bool relu)
    {
        var space = (ResidualWorkspace<T>)workspace;
        int batch = input.Rows;
        MatrixView<T> branch = space.BranchOutput.Rows > 0 ? space.BranchOutput.SliceRows(0, batch) : output;
        Branch.Forward(input, branch, space.Branch);
        ReadOnlyMatrixView<T> other = input;
        if (Projection is not null)
        {
            MatrixView<T> projected = space.ProjectionOutput.SliceRows(0, batch);
            Projection.Forward(input, projected, space.Projection!);
            other = projected;
        }
        Add(branch, other, output, relu, space.Workers);
    }

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        var space = (ResidualWorkspace<T>)workspace;
        int batch = input.Rows;

        // The gradient of the sum is that of both ways. Where the branch needs its output it has a buffer; otherwise it does not look.
        ReadOnlyMatrixView<T> branch = space.BranchOutput.Rows > 0 ? space.BranchOutput.SliceRows(0, batch) : output;
        MatrixView<T> kept = outputGradient;
        if (CopiesGradient && (Projection is not null || !inputGradient.IsEmpty))
        {
            kept = space.OutputGradient.SliceRows(0, batch);
            ((ReadOnlyMatrixView<T>)outputGradient).CopyTo(kept);
        }
        int count = Branch.Parameters.Count;
        Branch.Backward(input, branch, outputGradient, inputGradient, gradients.Slice(0, count), space.Branch);
        if (Projection is null)
        {
            if (!inputGradient.IsEmpty)
                Add(inputGradient, kept, inputGradient, false, space.Workers);
            return;
        }
        MatrixView<T> projected = inputGradient.IsEmpty ? default : space.InputGradient.SliceRows(0, batch);
        Projection.Backward(
            input,
            space.ProjectionOutput.SliceRows(0, batch),
            kept,
            projected,
            gradients.Slice(count, gradients.Count - count),
            space.Projection!);
        if (!inputGradient.IsEmpty)
            Add(inputGradient, projected, inputGradient, false, space.Workers);
    }

    private static unsafe void Add(
        ReadOnlyMatrixView<T> left, ReadOnlyMatrixView<T> right, MatrixView<T> sum, bool relu, WorkerPool workers)
    {
        fixed (T* first = left.Row(0), second = right.Row(0), to = sum.Row(0))
        {
            var body = new Part
            {
                Split = new(sum.Rows, sum.Columns, left.IsContiguous && right.IsContiguous && sum.IsContiguous, ElementsOfPart),
                Left = first,
                LeftStride = left.Stride,
                Right = second,
                RightStride = right.Stride,
                Sum = to,
                SumStride = sum.Stride,
                Relu = relu,
            };
            workers.Run(ref body, body.Split.Parts);
        }
    }

    private unsafe struct Part : IParallelBody
    {
        public required ElementSplit Split;
        public required T* Left;
        public required nint LeftStride;
        public required T* Right;
        public required nint RightStride;
        public required T* Sum;
        public required nint SumStride;
        public required bool Relu;

        public readonly void Run(int part)
        {
            (int first, int end, int length) = Split.RunsOf(part, out int offset);
            for (int row = first; row < end; row++)
            {
                var sum = new Span<T>(Sum + (row * SumStride) + offset, length);
                TensorPrimitives.Add(
                    new ReadOnlySpan<T>(Left + (row * LeftStride) + offset, length),
                    new ReadOnlySpan<T>(Right + (row * RightStride) + offset, length),
                    sum);
                if (Relu)
                    Activations.Relu(sum, sum);
            }
        }
    }
}
