using System.Numerics;

namespace DeepLearn.Tests.Kernels.Reductions;

/// <summary>What the canonical order of the README makes of the error of a sum, and sums that are right to twice the digits.</summary>
internal static class CanonicalOrder
{
    /// <summary>Half the distance from 1 to the next number: the most that an operation rounds off, of its result.</summary>
    public static double Unit<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Ulp.Of(T.One) / 2;

    /// <summary>
    /// The most roundings that a term goes through: one for each element of its lane, one for each time that lanes are halved (as often as
    /// there are lanes in use), and two where there are more blocks than one. At most 72 (71 in double).
    /// </summary>
    /// <remarks>The first element of a lane is only rounded where it is a product, so that the plain sum has one rounding less.</remarks>
    public static int Roundings<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = typeof(T) == typeof(float) ? 64 : 32, block = 64 * lanes;
        int ofLane = (Math.Min(length, block) + lanes - 1) / lanes;
        int halvings = BitOperations.Log2((uint)Math.Max(1, (2 * Math.Min(length, lanes)) - 1));
        return ofLane + halvings + (length > block ? 2 : 0);
    }

    /// <summary>The sum of products, high + low, with an error of about 2^-100 of that of their magnitudes.</summary>
    public static (double High, double Low) Sum(IEnumerable<(double A, double B)> products)
    {
        double high = 0, low = 0;
        foreach ((double a, double b) in products)
        {
            double product = a * b, sum = high + product, ofProduct = sum - high;
            low += (high - (sum - ofProduct)) + (product - ofProduct) + Math.FusedMultiplyAdd(a, b, -product);
            high = sum;
        }
        return (high, low);
    }
}
