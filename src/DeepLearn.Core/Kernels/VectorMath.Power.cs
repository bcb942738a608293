namespace DeepLearn.Kernels;

public static partial class VectorMath
{
    /// <summary>A power of a number that is not negative.</summary>
    /// <remarks>
    /// x^y = e^(y log x), with the logarithm and the product as sums of two doubles. The error is within 1 ulp. x^0 and 1^y are 1 for every
    /// x and y, including NaN. 0^y is 0 for y above 0 and infinite for y below 0; a zero counts as positive whatever its sign. Unlike
    /// <see cref="Math.Pow"/>, a negative base gives NaN even for integer exponents.
    /// </remarks>
    /// <param name="x">The base, at least 0.</param>
    /// <param name="y">The exponent.</param>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (double.IsNaN(x) || double.IsNaN(y) || x < 0)
            return double.NaN;
        if (x == 0 || double.IsInfinity(x) || double.IsInfinity(y))
        {
            return x > 1 == y > 0 ? double.PositiveInfinity : 0;
        }
        (double log, double logRest) = LogInTwo(x);
        double product = y * log;
        if (product > 710)
            return double.PositiveInfinity;
        if (product < -746)
            return 0;
        double rest = Math.FusedMultiplyAdd(y, log, -product) + (y * logRest);
        return ExpOfTwo(product, rest);
    }

    /// <summary>log x as the sum of two numbers, with an error of about 2^-65, for a positive finite x.</summary>
    private static (double High, double Low) LogInTwo(double x)
    {
        double k = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 1L << 54;
            k = -54;
        }
        const long Root = 0x3FE6A09E667F3BCD;
        long bits = BitConverter.DoubleToInt64Bits(x) + (0x3FF0000000000000 - Root);
        k += (bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) + Root);

        // s = (m - 1) / (m + 1) as the sum of two numbers; the numerator is exact, and so is the rounding error of the denominator.
        double f = m - 1;
        double denominator = m + 1;
        double denominatorRest = m - (denominator - 1);
        double s = f / denominator;
        double sRest = (Math.FusedMultiplyAdd(-s, denominator, f) - (s * denominatorRest)) / denominator;

        // log m = 2 s + 2/3 s^3 + s^5 P(s^2), with the cubic term as the sum of two numbers too.
        double z = s * s;
        double zRest = Math.FusedMultiplyAdd(s, s, -z) + (2 * s * sRest);
        double cube = z * s;
        double cubeRest = Math.FusedMultiplyAdd(z, s, -cube) + (z * sRest) + (zRest * s);
        const double TwoThirds = 2.0 / 3;
        const double TwoThirdsRest = 3.700743415417188e-17;
        double third = cube * TwoThirds;
        double thirdRest = Math.FusedMultiplyAdd(cube, TwoThirds, -third) + (cube * TwoThirdsRest) + (cubeRest * TwoThirds);
        double p = 0.1306539227213592;
        p = Math.FusedMultiplyAdd(p, z, 0.13271460253828565);
        p = Math.FusedMultiplyAdd(p, z, 0.15386104667891717);
        p = Math.FusedMultiplyAdd(p, z, 0.1818179905647634);
        p = Math.FusedMultiplyAdd(p, z, 0.22222222346448453);
        p = Math.FusedMultiplyAdd(p, z, 0.2857142857109588);
        p = Math.FusedMultiplyAdd(p, z, 0.40000000000000163);
        double tail = (cube * z * p) + thirdRest + (2 * sRest);

        // k ln 2, then the terms from the largest to the smallest; the rounding error of each sum is kept.
        double high = k * Ln2;
        double low = Math.FusedMultiplyAdd(k, Ln2, -high) + (k * Ln2Rest64);
        (high, double lost) = TwoSum(high, 2 * s);
        low += lost;
        (high, lost) = TwoSum(high, third);
        low += lost + tail;
        double sum = high + low;
        return (sum, low - (sum - high));
    }

    private static (double Sum, double Lost) TwoSum(double a, double b)
    {
        double sum = a + b;
        double ofB = sum - a;
        return (sum, (a - (sum - ofB)) + (b - ofB));
    }

    /// <summary>e^(x + rest), for an x in [-746, 710] and a rest of less than half a unit in its last place.</summary>
    private static double ExpOfTwo(double x, double rest)
    {
        double bits = Math.FusedMultiplyAdd(x, 1.4426950408889634, Magic64);
        double n = bits - Magic64;
        double r = Math.FusedMultiplyAdd(n, -Ln2, x);
        double low = Math.FusedMultiplyAdd(n, -Ln2Rest64, rest);
        double sum = r + low;
        low -= sum - r;
        double p = ReducedExpm1<Simd.Lane<double>, double>(new(sum), out _, out _).Value;
        p = 1 + (p + (low * (1 + p)));
        int half = (int)n / 2;
        return p * TwoTo(half) * TwoTo((int)n - half);
    }

    private static double TwoTo(int exponent) => BitConverter.Int64BitsToDouble((exponent + 1023L) << 52);
}
