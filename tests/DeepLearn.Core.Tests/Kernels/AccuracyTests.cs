using DeepLearn.Kernels;
using Xunit;

namespace DeepLearn.Tests.Kernels;

/// <summary>The stated bounds, in units in the last place: double against 256-bit arithmetic, then float against double.</summary>
public class AccuracyTests
{
    private const double LeastNormal = 2.2250738585072014e-308;

    private static readonly BigReal One = BigReal.One;

    [Fact]
    public void Exp_is_within_its_stated_bound() =>
        Judge(1, VectorMath.Exp, BigExp, VectorMath.Exp, Always, Between(-745.2, 709.8), Between(-2, 2), Tiny(1), Least);

    [Fact]
    public void Expm1_is_within_its_stated_bound() => Judge(
        2, VectorMath.Expm1, OrItself(x => BigExp(x) - One), VectorMath.Expm1, Always, Between(-50, 709.8), Between(-2, 2), Tiny(1), Least);

    [Fact]
    public void Log_is_within_its_stated_bound() => Judge(
        1, VectorMath.Log, BigReal.Log, VectorMath.Log, x => x > 0, Magnitudes(-1074, 1024), Between(0.3, 3), r => 1 + Tiny(1)(r));

    [Fact]
    public void Log1p_is_within_its_stated_bound() => Judge(
        1, VectorMath.Log1p, OrItself(x => BigReal.Log(One + x)), VectorMath.Log1p, x => x > -1,
        Magnitudes(-60, 1024), Between(-1, 2), Tiny(0.9), Least);

    [Fact]
    public void Tanh_is_within_its_stated_bound() => Judge(
        3, VectorMath.Tanh, OrItself(BigTanh), VectorMath.Tanh, Always, Between(-20, 20), Between(-1, 1), Tiny(1), Least);

    [Fact]
    public void Sigmoid_is_within_its_stated_bound() => Judge(
        3, VectorMath.Sigmoid, x => One / (One + BigExp(-x)), VectorMath.Sigmoid, Always, Between(-745.2, 40), Between(-3, 3), Tiny(1),
        Least);

    [Fact]
    public void Softplus_is_within_its_stated_bound() =>
        Judge(2, VectorMath.Softplus, BigSoftplus, VectorMath.Softplus, Always, Between(-745.2, 60), Between(-3, 3), Tiny(1), Least);

    [Fact]
    public void Erf_is_within_its_stated_bound() =>
        Judge(2, VectorMath.Erf, BigErf, VectorMath.Erf, Always, Between(-6.2, 6.2), Between(-1.2, 1.2), Tiny(1), Least);

    [Fact]
    public void Sin_is_within_its_stated_bound() => Judge(
        1, VectorMath.Sin, OrItself(BigReal.Sin), null, IsAngle, Between(-10, 10), Between(-1e9, 1e9), NearQuarters, Tiny(1), Least);

    [Fact]
    public void Cos_is_within_its_stated_bound() => Judge(
        1, VectorMath.Cos, x => BigReal.Sin(x + (BigReal.Pi / 2)), null, IsAngle, Between(-10, 10), Between(-1e9, 1e9), NearQuarters,
        Tiny(1));

    [Fact]
    public void Pow_is_within_its_stated_bound()
    {
        var random = new Random(7);
        for (int i = 0; i < 900; i++)
        {
            double x = i % 3 == 0 ? Between(0.01, 3)(random) : i % 3 == 1 ? Magnitudes(-1074, 1024)(random) : 1 + Tiny(1)(random);
            double y = (i / 3 % 4) switch
            {
                0 => Between(-3, 3)(random),
                1 => Between(-700, 700)(random) / Math.Log(x),
                2 => Between(-745.2, -708)(random) / Math.Log(x),
                _ => Between(709.7, 709.8)(random) / Math.Log(x),
            };
            JudgePower(x, y);
        }
        double[] least = [double.Epsilon, 3 * double.Epsilon, Math.BitDecrement(LeastNormal), LeastNormal, Math.BitIncrement(LeastNormal)];
        double[] bases = [.. least, Math.BitDecrement(1), Math.BitIncrement(1), Math.Sqrt(0.5), Math.Sqrt(2), double.MaxValue];
        double[] exponents = [.. least, 1 / 3.0, 0.5, 1, 2, 1074, 1e15, double.MaxValue];
        foreach (double x in bases)
        {
            foreach (double y in exponents)
            {
                JudgePower(x, y);
                JudgePower(x, -y);
            }
        }
    }

    private static void JudgePower(double x, double y)
    {
        double found = VectorMath.Pow(x, y);
        double error = Error(BigExp(BigReal.From(y) * BigReal.Log(BigReal.From(x))), found);
        if (!(error <= 1))
            Assert.Fail($"{x:R} to the power {y:R}, {found:R}, is off by {error} ulp");
    }

    private static bool Always(double x) => true;

    private static bool IsAngle(double x) => Math.Abs(x) <= 1 << 30;

    /// <summary>e^x; where that is far beyond all numbers or below them, something as far.</summary>
    private static BigReal BigExp(BigReal x) => x.ToDouble() switch
    {
        > 800 => One with { Exponent = 1200 },
        < -800 => One with { Exponent = -1200 },
        _ => BigReal.Exp(x),
    };

    // Beyond 10 it is 1 to 2^-148, and there the series would need more terms.
    private static BigReal BigErf(BigReal x) => Math.Abs(x.ToDouble()) > 10 ? x.Mantissa.Sign : BigReal.Erf(x);

    // Far below zero e^x itself, to 2^-140: 256 bits would not hold 1 + e^x.
    private static BigReal BigSoftplus(BigReal x) => x.ToDouble() switch
    {
        < -100 => BigExp(x),
        > 100 => x + BigExp(-x),
        _ => BigReal.Log(One + BigReal.Exp(x)),
    };

    private static BigReal BigTanh(BigReal x)
    {
        BigReal power = BigExp(x * 2);
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

    /// <summary>
    /// A function that is x itself to 2^-70 where x is that small, and where 256 bits would not hold the formula's 1 + x.
    /// </summary>
    private static Func<BigReal, BigReal> OrItself(Func<BigReal, BigReal> f) =>
        x => x.Mantissa.GetBitLength() + x.Exponent < -70 ? x : f(x);

    private static double NearQuarters(Random random) => random.Next(-1_000_000, 1_000_000) * (Math.PI / 2);

    /// <param name="bound">The stated bound.</param>
    /// <param name="f">The function in double.</param>
    /// <param name="exact">The same to far more digits, for arguments within its domain.</param>
    /// <param name="single">The function in float; null where there is none.</param>
    /// <param name="isWithin">Whether a number is within the domain; those beyond, <see cref="SpecialCaseTests"/> has.</param>
    /// <param name="arguments">Draws of arguments.</param>
    private static void Judge(
        double bound,
        Func<double, double> f,
        Func<BigReal, BigReal> exact,
        Func<float, float>? single,
        Func<double, bool> isWithin,
        params Func<Random, double>[] arguments)
    {
        var random = new Random(1);
        IEnumerable<double> drawn = arguments.SelectMany(argument => Enumerable.Range(0, 250).Select(_ => argument(random)));
        foreach (double x in (double[])[.. drawn, .. FunctionEdges.Finite<double>().Where(isWithin)])
        {
            double found = f(x), error = Error(exact(BigReal.From(x)), found);
            if (!(error <= bound))
                Assert.Fail($"f({x:R}) = {found:R} is off by {error} ulp");
        }
        if (single is null)
            return;

        // Every 8191st float: all exponents, both signs, subnormal numbers, NaN. And those that it misses.
        for (long pattern = 0; pattern <= uint.MaxValue; pattern += 8191)
            JudgeSingle(bound, f, single, BitConverter.UInt32BitsToSingle((uint)pattern));
        foreach (float x in FunctionEdges.All<float>())
            JudgeSingle(bound, f, single, x);
    }

    /// <summary>How far a result is off, in units in the last place. Infinity counts as 2^1024, and so does all beyond.</summary>
    private static double Error(BigReal exact, double found)
    {
        if (double.IsNaN(found))
            return double.NaN;
        BigReal end = One with { Exponent = 1024 };
        BigReal near = double.IsInfinity(found) ? end * Math.Sign(found) : BigReal.From(found);
        if (exact.Mantissa.GetBitLength() + exact.Exponent > 1024)
            exact = end * exact.Mantissa.Sign;
        double unit = Ulp.Of(Math.Clamp(exact.ToDouble(), double.MinValue, double.MaxValue));
        return Math.Abs(((exact - near) / BigReal.From(unit)).ToDouble());
    }

    private static void JudgeSingle(double bound, Func<double, double> f, Func<float, float> single, float x)
    {
        double expected = f(x);
        float found = single(x);
        float rounded = (float)expected;
        if (!float.IsFinite(rounded))
        {
            bool same = rounded.Equals(found) || (float.IsInfinity(rounded) && found == MathF.CopySign(float.MaxValue, rounded));
            if (!same)
                Assert.Fail($"f({x:R}) = {found:R}, not {expected:R}");
            return;
        }
        double error = Math.Abs(found - expected) / Ulp.Of(rounded);
        if (float.IsPositiveInfinity(found) && rounded == float.MaxValue)
            error = (Math.ScaleB(1, 128) - expected) / Ulp.Of(rounded);
        if (!(error <= bound))
            Assert.Fail($"f({x:R}) = {found:R} is off by {error} ulp from {expected:R}");
        if (x == 0)
            Assert.Equal(float.IsNegative(rounded), float.IsNegative(found));
    }
}
