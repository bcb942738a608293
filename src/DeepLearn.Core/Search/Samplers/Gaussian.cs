using DeepLearn.Foundation;
using DeepLearn.Kernels;

namespace DeepLearn.Search.Samplers;

/// <summary>Normal random numbers and their distribution, the same bits on every machine.</summary>
internal static class Gaussian
{
    private static readonly double SquareRootOfTwo = Math.Sqrt(2);

    /// <summary>The probability that a standard normal number is below x.</summary>
    public static double Cumulative(double x) => 0.5 * (1 + VectorMath.Erf(x / SquareRootOfTwo));

    /// <summary>A standard normal number (Box and Muller, 1958).</summary>
    public static double Next(ref RandomStream random)
    {
        double radius = Math.Sqrt(-2 * VectorMath.Log(1 - random.NextUniform()));
        return radius * VectorMath.Cos(2 * Math.PI * random.NextUniform());
    }

    /// <summary>A normal number within 0..1: drawn until it is there, and after that clipped.</summary>
    /// <param name="mean">The mean, in 0..1.</param>
    /// <param name="deviation">The standard deviation.</param>
    /// <param name="random">The random numbers.</param>
    public static double NextInUnit(double mean, double deviation, ref RandomStream random)
    {
        double value = mean;
        for (int i = 0; i < 100; i++)
        {
            value = mean + (deviation * Next(ref random));
            if (value is >= 0 and < 1)
                return value;
        }
        return Math.Clamp(value, 0, 1);
    }
}
