using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of every layer that applies one function to each element. Such layers differ in their <see cref="IActivation{T}"/> alone: an
/// activation of your own needs no more than such a struct.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TActivation">The function.</typeparam>
public class ActivationRuntime<T, TActivation> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TActivation : struct, IActivation<T>
{
    /// <summary>About how many elements a part has: more than handing it to another thread costs.</summary>
    private const int ElementsOfPart = 1 << 14;

    private readonly TActivation _activation;

    /// <summary>Makes the runtime for a shape.</summary>
    /// <param name="shape">The shape of one example.</param>
    /// <param name="activation">The function.</param>
    public ActivationRuntime(Shape shape, TActivation activation)
        : base(shape, shape)
    {
        _activation = activation;
    }

    /// <inheritdoc/>
    public override LayerTraits Traits { get; } = new()
    {
        WorksInPlace = true,
        BackwardNeeds = TActivation.ReadsOutput ? BackwardNeeds.Output : BackwardNeeds.Input,
        KeepsOutputGradient = true,
        IsRelu = TActivation.IsRelu,
    };

    /// <inheritdoc/>
    public override unsafe void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ReadOnlyMatrixView<T> values = input.Numbers;
        fixed (T* from = values.Row(0), to = output.Row(0))
        {
            var body = new ForwardPart
            {
                Activation = _activation,
                Split = new(values.Rows, values.Columns, values.IsContiguous && output.IsContiguous, ElementsOfPart),
                Input = from,
                InputStride = values.Stride,
                Output = to,
                OutputStride = output.Stride,
            };
            workspace.Workers.Run(ref body, body.Split.Parts);
        }
    }

    /// <inheritdoc/>
    public override unsafe void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (inputGradient.IsEmpty)
            return;
        ReadOnlyMatrixView<T> values = TActivation.ReadsOutput ? output : input.Numbers;
        fixed (T* from = values.Row(0), derivatives = outputGradient.Row(0), to = inputGradient.Row(0))
        {
            bool isFlat = values.IsContiguous && outputGradient.IsContiguous && inputGradient.IsContiguous;
            var body = new BackwardPart
            {
                Activation = _activation,
                Split = new(values.Rows, values.Columns, isFlat, ElementsOfPart),
                Values = from,
                ValuesStride = values.Stride,
                Gradient = derivatives,
                GradientStride = outputGradient.Stride,
                Result = to,
                ResultStride = inputGradient.Stride,
            };
            workspace.Workers.Run(ref body, body.Split.Parts);
        }
    }

    private unsafe struct ForwardPart : IParallelBody
    {
        public required TActivation Activation;
        public required ElementSplit Split;
        public required T* Input;
        public required nint InputStride;
        public required T* Output;
        public required nint OutputStride;

        public readonly void Run(int part)
        {
            (int first, int end, int length) = Split.RunsOf(part, out int offset);
            for (int row = first; row < end; row++)
            {
                Activation.Forward(
                    new ReadOnlySpan<T>(Input + (row * InputStride) + offset, length),
                    new Span<T>(Output + (row * OutputStride) + offset, length));
            }
        }
    }

    private unsafe struct BackwardPart : IParallelBody
    {
        public required TActivation Activation;
        public required ElementSplit Split;
        public required T* Values;
        public required nint ValuesStride;
        public required T* Gradient;
        public required nint GradientStride;
        public required T* Result;
        public required nint ResultStride;

        public readonly void Run(int part)
        {
            (int first, int end, int length) = Split.RunsOf(part, out int offset);
            for (int row = first; row < end; row++)
            {
                Activation.Backward(
                    new ReadOnlySpan<T>(Values + (row * ValuesStride) + offset, length),
                    new ReadOnlySpan<T>(Gradient + (row * GradientStride) + offset, length),
                    new Span<T>(Result + (row * ResultStride) + offset, length));
            }
        }
    }
}
