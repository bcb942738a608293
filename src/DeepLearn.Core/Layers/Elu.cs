using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The exponential linear unit: <c>x</c> where it is positive, <c>alpha (e^x - 1)</c> elsewhere (Clevert, Unterthiner and Hochreiter, "Fast
/// and Accurate Deep Network Learning by Exponential Linear Units", 2015). Its derivative at 0 is taken as alpha.
/// </summary>
/// <example><code>var network = new Sequential(new Dense(16), new Elu(alpha: 1), new Dense(3));</code></example>
public sealed record Elu : Layer
{
    /// <summary>Makes an exponential linear unit.</summary>
    /// <param name="alpha">It falls toward <c>-alpha</c> for large negative inputs; finite and at least 0. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is negative, infinite or not a number.</exception>
    public Elu(double alpha = 1)
    {
        if (!double.IsFinite(alpha) || alpha < 0)
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The alpha of an Elu is finite and at least 0.");
        Alpha = alpha;
    }

    /// <summary>It falls toward <c>-Alpha</c> for large negative inputs; finite and at least 0.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.Relu;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input.Rising(x => x > 0 ? x : Alpha * (Math.Exp(x) - 1));

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, EluActivation<T>>(build.Input, new(T.CreateChecked(Alpha)));
    }
}

/// <summary>The function of <see cref="Elu"/>.</summary>
internal readonly struct EluActivation<T>(T alpha) : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => false;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.Elu(input, alpha, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.EluBackward(activation, outputGradient, alpha, inputGradient);
}
