using System.Globalization;
using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>Draws from a normal distribution of mean 0 whose variance is <c>gain / fan</c>, or whose standard deviation is given.</summary>
/// <example><code>
/// var layer = new Dense(10) { Weights = NormalInitializer.Glorot };
/// var small = new Dense(10) { Weights = NormalInitializer.WithStandardDeviation(0.01) };
/// </code></example>
public sealed record NormalInitializer : Initializer
{
    private readonly double _gain;
    private readonly Fan _fan;
    private readonly double? _deviation;

    private NormalInitializer(double gain, Fan fan, double? deviation)
    {
        _gain = gain;
        _fan = fan;
        _deviation = deviation;
    }

    private enum Fan
    {
        In,
        Average,
    }

    /// <summary>
    /// Variance 1 / fan-in: the scaled normal (LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998). It keeps the variance of a
    /// linear layer.
    /// </summary>
    public static NormalInitializer LeCun { get; } = new(1, Fan.In, null);

    /// <summary>
    /// Variance 2 / fan-in (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015). It keeps the variance of a layer before a ReLU.
    /// </summary>
    public static NormalInitializer He { get; } = new(2, Fan.In, null);

    /// <summary>
    /// Variance 2 / (fan-in + fan-out) (Glorot and Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural Networks",
    /// 2010).
    /// </summary>
    public static NormalInitializer Glorot { get; } = new(1, Fan.Average, null);

    /// <summary>The standard deviation, where it is given; null where it follows from the fan.</summary>
    public double? StandardDeviation => _deviation;

    /// <summary>A normal distribution of a given standard deviation, whatever the fan.</summary>
    /// <param name="standardDeviation">The standard deviation, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public static NormalInitializer WithStandardDeviation(double standardDeviation)
    {
        if (!double.IsFinite(standardDeviation) || standardDeviation < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation), standardDeviation, "A standard deviation is finite and at least 0.");
        }
        return new(0, Fan.In, standardDeviation);
    }

    /// <inheritdoc/>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
    {
        double fan = _fan == Fan.In ? fanIn : 0.5 * ((double)fanIn + fanOut);
        double deviation = _deviation ?? Math.Sqrt(_gain / fan);
        var normal = new NormalStream(key);
        for (int row = 0; row < destination.Rows; row++)
        {
            foreach (ref T element in destination.Row(row))
                element = T.CreateChecked(deviation * normal.Next());
        }
    }

    /// <summary>The name of the scale, or the standard deviation, as in <c>He normal</c>.</summary>
    public override string ToString() => _deviation is { } deviation
        ? string.Create(CultureInfo.InvariantCulture, $"normal of standard deviation {deviation}")
        : $"{(_fan == Fan.Average ? "Glorot" : _gain == 2 ? "He" : "LeCun")} normal";
}
