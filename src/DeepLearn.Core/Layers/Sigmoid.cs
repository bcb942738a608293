using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The logistic function <c>1 / (1 + e^-x)</c> element by element; derivative <c>y (1 - y)</c>.</summary>
/// <example><code>
/// // Outputs from 0 to 1, for a regression; for classes the loss SigmoidBinaryCrossEntropy takes scores, without this layer.
/// var network = new Sequential(new Dense(16), new Relu(), new Dense(1), new Sigmoid());
/// </code></example>
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
