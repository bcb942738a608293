using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The logistic function <c>1 / (1 + e^-x)</c> element by element; derivative <c>y (1 - y)</c>.</summary>
public sealed record Sigmoid : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input.Rising(x => 1 / (1 + Math.Exp(-x)));

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, SigmoidActivation<T>>(build.Input, default);
    }
}

/// <summary>The function of <see cref="Sigmoid"/>.</summary>
internal readonly struct SigmoidActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.Sigmoid(input, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.SigmoidBackward(activation, outputGradient, inputGradient);
}
