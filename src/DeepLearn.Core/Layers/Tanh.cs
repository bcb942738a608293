using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The hyperbolic tangent element by element; derivative <c>1 - y^2</c>.</summary>
/// <example><code>var network = new Sequential(new Dense(16), new Tanh(), new Dense(3));</code></example>
public sealed record Tanh : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input.Rising(Math.Tanh);

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, TanhActivation<T>>(build.Input, default);
    }
}

/// <summary>The function of <see cref="Tanh"/>.</summary>
internal readonly struct TanhActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.Tanh(input, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.TanhBackward(activation, outputGradient, inputGradient);
}
