using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The rectified linear unit: <c>max(0, x)</c> element by element (Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann
/// Machines", 2010). Its derivative at 0 is taken as 0; NaN stays NaN.
/// </summary>
public sealed record Relu : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ReluRuntime<T>(build.Input);
    }
}

/// <summary>The machine of <see cref="Relu"/>.</summary>
internal sealed class ReluRuntime<T>(Shape shape) : LayerRuntime<T>(shape, shape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool WorksInPlace => true;

    public override BackwardNeeds BackwardNeeds => BackwardNeeds.Output;

    public override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        for (int row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<T> from = input.Row(row);
            Span<T> to = output.Row(row);
            for (int i = 0; i < to.Length; i++)
                to[i] = from[i] < T.Zero ? T.Zero : from[i];
        }
    }

    public override void Backward(
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        LayerWorkspace<T> workspace)
    {
        if (inputGradient.IsEmpty)
            return;
        for (int row = 0; row < output.Rows; row++)
        {
            ReadOnlySpan<T> passed = output.Row(row);
            ReadOnlySpan<T> from = outputGradient.Row(row);
            Span<T> to = inputGradient.Row(row);
            for (int i = 0; i < to.Length; i++)
                to[i] = passed[i] > T.Zero ? from[i] : T.Zero;
        }
    }
}
