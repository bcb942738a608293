using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A ReLU that does not vanish below 0: <c>x</c> where x is positive, <c>slope x</c> elsewhere (Maas, Hannun and Ng, "Rectifier
/// Nonlinearities Improve Neural Network Acoustic Models", 2013). Its derivative at 0 is taken as the slope.
/// </summary>
/// <example><code>var network = new Sequential(new Dense(16), new LeakyRelu(slope: 0.1), new Dense(3));</code></example>
public sealed record LeakyRelu : Layer
{
    /// <summary>Makes a leaky ReLU.</summary>
    /// <param name="slope">
    /// The slope below 0, finite and at least 0. Default 0.01. Some libraries take a negative one, too; here the output has the sign of the
    /// input, so that only one of the two is kept in memory.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is negative, infinite or not a number.</exception>
    public LeakyRelu(double slope = 0.01)
    {
        if (!double.IsFinite(slope) || slope < 0)
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope of a leaky ReLU is finite and at least 0.");
        Slope = slope;
    }

    /// <summary>The slope below 0, finite and at least 0.</summary>
    public double Slope { get; }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.Relu;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input.Rising(x => x > 0 || Slope == 0 ? Math.Max(0, x) : Slope * x);

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, LeakyReluActivation<T>>(build.Input, new(T.CreateChecked(Slope)));
    }
}

/// <summary>
/// The function of <see cref="LeakyRelu"/>. Its slope is at least 0, so that the output has the sign of the input, and serves for it.
/// </summary>
internal readonly struct LeakyReluActivation<T>(T slope) : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.LeakyRelu(input, slope, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.LeakyReluBackward(activation, outputGradient, slope, inputGradient);
}
