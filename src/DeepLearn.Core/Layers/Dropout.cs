using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// In training, drops each element with a given probability and multiplies those kept by <c>1 / (1 - rate)</c>; in inference, does nothing
/// (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
/// 2014).
/// </summary>
/// <remarks>
/// This is the inverted form: the paper leaves kept elements as they are and scales the weights in inference, with the same expectation.
/// Which elements are dropped is a function of <see cref="LayerWorkspace{T}.Noise"/> and of the element's place in the batch. So the
/// backward pass computes the same mask again instead of storing it, and the number of threads does not matter.
/// </remarks>
/// <example><code>var network = new Sequential(new Dense(50), new Relu(), new Dropout(0.3), new Dense(10));</code></example>
public sealed record Dropout : Layer
{
    /// <summary>Makes a dropout.</summary>
    /// <param name="rate">
    /// The probability that an element is dropped, at least 0 and below 1; default 0.5. It is rounded to a multiple of 2^-23.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1).</exception>
    public Dropout(double rate = 0.5)
    {
        if (!(rate >= 0 && rate < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate of a dropout is at least 0 and below 1.");
        Rate = rate;
    }

    /// <summary>The probability that an element is dropped, at least 0 and below 1.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.PassesOn;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new DropoutRuntime<T>(build.Input, Rate);
    }
}

/// <summary>The runtime of <see cref="Dropout"/>.</summary>
internal sealed class DropoutRuntime<T>(Shape shape, double rate) : LayerRuntime<T>(shape, shape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ElementsOfPart = 1 << 13;

    public override LayerTraits Traits { get; } =
        new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.None, KeepsOutputGradient = true };

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        if (workspace.Mode == RunMode.Inference)
            input.Numbers.CopyTo(output);
        else
            Apply(input.Numbers, output, workspace);
    }

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        if (!inputGradient.IsEmpty)
            Apply(outputGradient, inputGradient, workspace);
    }

    private unsafe void Apply(ReadOnlyMatrixView<T> source, MatrixView<T> destination, LayerWorkspace<T> workspace)
    {
        fixed (T* from = source.Row(0), to = destination.Row(0))
        {
            var body = new Part
            {
                Key = workspace.Noise,
                Rate = rate,
                Split = new(source.Rows, source.Columns, source.IsContiguous && destination.IsContiguous, ElementsOfPart),
                Columns = source.Columns,
                Source = from,
                SourceStride = source.Stride,
                Destination = to,
                DestinationStride = destination.Stride,
            };
            workspace.Workers.Run(ref body, body.Split.Parts);
        }
    }

    private unsafe struct Part : IParallelBody
    {
        public required RandomKey Key;
        public required double Rate;
        public required ElementSplit Split;
        public required int Columns;
        public required T* Source;
        public required nint SourceStride;
        public required T* Destination;
        public required nint DestinationStride;

        public readonly void Run(int part)
        {
            (int first, int end, int length) = Split.RunsOf(part, out int offset);
            for (int row = first; row < end; row++)
            {
                var source = new ReadOnlySpan<T>(Source + (row * SourceStride) + offset, length);
                var destination = new Span<T>(Destination + (row * DestinationStride) + offset, length);
                Kernels.Elementwise.Dropout.Apply(Key, ((long)row * Columns) + offset, Rate, source, destination);
            }
        }
    }
}
