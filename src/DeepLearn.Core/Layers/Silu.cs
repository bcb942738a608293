using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The sigmoid linear unit, or swish: <c>x / (1 + e^-x)</c> element by element (Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units
/// for Neural Network Function Approximation in Reinforcement Learning", 2017; Ramachandran, Zoph and Le, 2017, with beta 1).
/// </summary>
/// <example><code>var network = new Sequential(new Dense(16), new Silu(), new Dense(3));</code></example>
public sealed record Silu : Layer
{
    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.Relu;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <summary>From the least value, about -0.27846 at -1.2785, on.</summary>
    /// <param name="input">The range of its input.</param>
    public override NumberRange OutputRange(NumberRange input) =>
        new(-0.278465, input.Greatest > 0 ? input.Greatest / (1 + Math.Exp(-input.Greatest)) : 0);

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, SiluActivation<T>>(build.Input, default);
    }
}

/// <summary>The function of <see cref="Silu"/>.</summary>
internal readonly struct SiluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => false;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.Silu(input, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.SiluBackward(activation, outputGradient, inputGradient);
}
