using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The Gaussian error linear unit: <c>x P(x)</c>, with P the distribution function of the normal distribution, <c>(1 + erf(x / sqrt(2))) /
/// 2</c>; or its tanh form <c>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2</c> (Hendrycks and Gimpel, "Gaussian Error Linear Units",
/// 2016).
/// </summary>
/// <example><code>var network = new Sequential(new Dense(16), new Gelu(GeluForm.Tanh), new Dense(3));</code></example>
public sealed record Gelu : Layer
{
    /// <summary>Makes a Gaussian error linear unit.</summary>
    /// <param name="form">Which of the two forms; default exact.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="form"/> is neither.</exception>
    public Gelu(GeluForm form = GeluForm.Exact)
    {
        if (form is not (GeluForm.Exact or GeluForm.Tanh))
            throw new ArgumentOutOfRangeException(nameof(form), form, "The form is Exact or Tanh.");
        Form = form;
    }

    /// <summary>Which of the two forms is computed.</summary>
    public GeluForm Form { get; }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.Relu;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <summary>From the least value of both forms, about -0.17004 at -0.7525, on.</summary>
    /// <param name="input">The range of its input.</param>
    public override NumberRange OutputRange(NumberRange input) => new(-0.170041, Math.Max(0, input.Greatest));

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return Form == GeluForm.Exact
            ? new ActivationRuntime<T, GeluActivation<T>>(build.Input, default)
            : new ActivationRuntime<T, TanhGeluActivation<T>>(build.Input, default);
    }
}

/// <summary>The function of <see cref="Gelu"/>, in its exact form.</summary>
internal readonly struct GeluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => false;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.Gelu(input, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.GeluBackward(activation, outputGradient, inputGradient);
}

/// <summary>The function of <see cref="Gelu"/>, in its tanh form.</summary>
internal readonly struct TanhGeluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => false;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.GeluTanh(input, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.GeluTanhBackward(activation, outputGradient, inputGradient);
}
