using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A smooth ReLU: <c>log(1 + e^x)</c> element by element (Dugas, Bengio, Belisle, Nadeau and Garcia, "Incorporating Second-Order Functional
/// Knowledge for Better Option Pricing", 2000). Nothing overflows, so that there is no threshold above which it becomes linear.
/// </summary>
/// <example><code>
/// // A standard deviation is above 0, and so is the output.
/// var network = new Sequential(new Dense(16), new Tanh(), new Dense(1), new Softplus());
/// </code></example>
public sealed record Softplus : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input.Rising(x => Math.Max(0, x) + Math.Log(1 + Math.Exp(-Math.Abs(x))));

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, SoftplusActivation<T>>(build.Input, default);
    }
}

/// <summary>The function of <see cref="Softplus"/>.</summary>
internal readonly struct SoftplusActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => false;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.Softplus(input, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.SoftplusBackward(activation, outputGradient, inputGradient);
}
