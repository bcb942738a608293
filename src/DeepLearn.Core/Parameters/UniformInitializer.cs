using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>Draws from a uniform distribution of mean 0 whose variance is <c>gain / fan</c>.</summary>
/// <example><code>var layer = new Dense(10) { Weights = UniformInitializer.LeCun };</code></example>
public sealed record UniformInitializer : Initializer
{
    private readonly double _gain;
    private readonly bool _averageFan;

    private UniformInitializer(double gain, bool averageFan)
    {
        _gain = gain;
        _averageFan = averageFan;
    }

    /// <summary>Variance 2 / fan-in, uniform (He, Zhang, Ren and Sun, 2015).</summary>
    public static UniformInitializer He { get; } = new(2, false);

    /// <summary>Variance 2 / (fan-in + fan-out), uniform (Glorot and Bengio, 2010).</summary>
    public static UniformInitializer Glorot { get; } = new(1, true);

    /// <summary>Variance 1 / fan-in, uniform (LeCun, Bottou, Orr and Müller, 1998).</summary>
    public static UniformInitializer LeCun { get; } = new(1, false);

    /// <inheritdoc/>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
    {
        double fan = _averageFan ? 0.5 * ((double)fanIn + fanOut) : fanIn;
        double limit = Math.Sqrt(3 * _gain / fan);
        RandomStream stream = key.Open();
        for (int row = 0; row < destination.Rows; row++)
        {
            foreach (ref T element in destination.Row(row))
                element = T.CreateChecked(limit * ((2 * stream.NextUniform()) - 1));
        }
    }

    /// <summary>The name of the scale, as in <c>Glorot uniform</c>.</summary>
    public override string ToString() => $"{(_averageFan ? "Glorot" : _gain == 2 ? "He" : "LeCun")} uniform";
}
