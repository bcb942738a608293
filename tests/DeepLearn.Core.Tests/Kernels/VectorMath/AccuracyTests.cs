using DeepLearn.Kernels;
using Xunit;

namespace DeepLearn.Tests.Kernels;

/// <summary>The stated bounds, in units in the last place: double against 256-bit arithmetic, then float against double.</summary>
public class AccuracyTests
{
    private static readonly BigReal One = BigReal.One;

    [Fact]
    public void Exp() => Judge(1, VectorMath.Exp, BigReal.Exp, VectorMath.Exp, Between(-745, 709.7), Between(-2, 2), Tiny(1), Least);

    [Fact]
    public void Expm1() =>
        Judge(2, VectorMath.Expm1, OrItself(x => BigReal.Exp(x) - One), VectorMath.Expm1, Between(-50, 709.7), Between(-2, 2), Tiny(1), Least);

    [Fact]
    public void Log() =>
        Judge(1, VectorMath.Log, BigReal.Log, VectorMath.Log, Magnitudes(-1070, 1020), Between(0.3, 3), r => 1 + Tiny(1)(r));

    [Fact]
    public void Log1p() =>
        Judge(
            1, VectorMath.Log1p, OrItself(x => BigReal.Log(One + x)), VectorMath.Log1p, Magnitudes(-60, 1020), Between(-1, 2), Tiny(0.9), Least);

    [Fact]
    public void Tanh() => Judge(
        3, VectorMath.Tanh, OrItself(BigTanh), VectorMath.Tanh, Between(-20, 20), Between(-1, 1), Tiny(1), Least);

    [Fact]
    public void Sigmoid() =>
        Judge(3, VectorMath.Sigmoid, x => One / (One + BigReal.Exp(-x)), VectorMath.Sigmoid, Between(-745, 40), Between(-3, 3), Tiny(1), Least);

    [Fact]
    public void Softplus() =>
        Judge(2, VectorMath.Softplus, BigSoftplus, VectorMath.Softplus, Between(-745, 60), Between(-3, 3), Tiny(1), Least);

    [Fact]
    public void Erf() => Judge(2, VectorMath.Erf, BigReal.Erf, VectorMath.Erf, Between(-6.2, 6.2), Between(-1.2, 1.2), Tiny(1), Least);

    [Fact]
    public void Sin() => Judge(1, VectorMath.Sin, BigReal.Sin, null, Between(-10, 10), Between(-1e9, 1e9), NearQuarters);

    [Fact]
    public void Cos() =>
        Judge(1, VectorMath.Cos, x => BigReal.Sin(x + (BigReal.Pi / 2)), null, Between(-10, 10), Between(-1e9, 1e9), NearQuarters);

    [Fact]
    public void Pow()
    {
        var random = new Random(7);
        for (int i = 0; i < 600; i++)
        {
            double x = i % 3 == 0 ? Between(0.01, 3)(random) : i % 3 == 1 ? Magnitudes(-1070, 1020)(random) : 1 + Tiny(1)(random);
            double y = i % 2 == 0 ? Between(-3, 3)(random) : Between(-700, 700)(random) / Math.Log(x);
            BigReal log = BigReal.From(y) * BigReal.Log(BigReal.From(x));
            if (Math.Abs(log.ToDouble()) > 708)
                continue;
            BigReal exact = BigReal.Exp(log);
            double error = exact.UlpsFrom(VectorMath.Pow(x, y));
            Assert.True(error <= 1, $"{x:R} to the power {y:R} is off by {error} ulp");
        }
    }

    // Far below zero e^x itself, to 2^-140: 256 bits would not hold 1 + e^x.
    private static BigReal BigSoftplus(BigReal x) => x.ToDouble() < -100 ? BigReal.Exp(x) : BigReal.Log(One + BigReal.Exp(x));

    private static BigReal BigTanh(BigReal x)
    {
        BigReal power = BigReal.Exp(x * 2);
        return (power - One) / (power + One);
    }

    private static Func<Random, double> Between(double low, double high) => random => low + ((high - low) * random.NextDouble());

    private static Func<Random, double> Magnitudes(int low, int high) =>
        random => Math.ScaleB(1 + random.NextDouble(), random.Next(low, high));

    private static Func<Random, double> Tiny(double most) =>
        random => Math.ScaleB(most * ((2 * random.NextDouble()) - 1), -random.Next(0, 60));

    /// <summary>Of either sign, down to the least subnormal number.</summary>
    private static double Least(Random random) =>
        Math.ScaleB(1 + random.NextDouble(), random.Next(-1074, -59)) * ((2 * random.Next(2)) - 1);

    /// <summary>A function that is x itself to 2^-70 where x is that small, and where 256 bits would not hold the formula's 1 + x.</summary>
    private static Func<BigReal, BigReal> OrItself(Func<BigReal, BigReal> f) =>
        x => x.Mantissa.GetBitLength() + x.Exponent < -70 ? x : f(x);

    private static double NearQuarters(Random random) => random.Next(-1_000_000, 1_000_000) * (Math.PI / 2);

    private static void Judge(
        double bound,
        Func<double, double> f,
        Func<BigReal, BigReal> exact,
        Func<float, float>? single,
        params Func<Random, double>[] arguments)
    {
        var random = new Random(1);
        foreach (Func<Random, double> argument in arguments)
        {
            for (int i = 0; i < 250; i++)
            {
                double x = argument(random);
                double error = exact(BigReal.From(x)).UlpsFrom(f(x));
                Assert.True(error <= bound, $"f({x:R}) = {f(x):R} is off by {error} ulp");
            }
        }
        if (single is null)
            return;

        // Every 8191st float: all exponents, both signs, subnormal numbers, infinities and NaN.
        for (long pattern = 0; pattern <= uint.MaxValue; pattern += 8191)
            JudgeSingle(bound, f, single, BitConverter.UInt32BitsToSingle((uint)pattern));
    }

    private static void JudgeSingle(double bound, Func<double, double> f, Func<float, float> single, float x)
    {
        double expected = f(x);
        float found = single(x);
        float rounded = (float)expected;
        if (!float.IsFinite(rounded))
        {
            bool same = rounded.Equals(found) || (float.IsInfinity(rounded) && found == float.MaxValue);
            Assert.True(same, $"f({x:R}) = {found:R}, not {expected:R}");
            return;
        }
        float magnitude = Math.Min(MathF.Abs(rounded), MathF.BitDecrement(float.MaxValue));
        double ulp = (double)MathF.BitIncrement(magnitude) - magnitude;
        double error = Math.Abs(found - expected) / ulp;
        Assert.True(error <= bound, $"f({x:R}) = {found:R} is off by {error} ulp from {expected:R}");
        if (x == 0)
            Assert.Equal(float.IsNegative(rounded), float.IsNegative(found));
    }
}
