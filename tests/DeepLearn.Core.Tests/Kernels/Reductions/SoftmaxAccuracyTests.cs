using System.Numerics;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

/// <summary>The softmax of rows and the logarithm of the sum against 256 bits, within what their operations can round off.</summary>
/// <remarks>
/// In units of 2^-24 (2^-53), relative to a probability e^d / s, d = x - m, s the sum of all e^d:
/// the difference d is off by half its last place at most, and the power as much, relative to itself; the power by 2 more (its bound is a
/// last place), unless it is e^0; the sum by its roundings, and by the mean of its terms' errors; the quotient by 1. A subnormal power is
/// off by its last place, and a subnormal quotient by half of one. The logarithm of the sum is off by its own last place and, absolutely,
/// by the relative error of the sum; adding m rounds to half a last place of the result.
/// </remarks>
public class SoftmaxAccuracyTests
{
    private static readonly int[] Lengths = [1, 2, 3, 4, 5, 8, 10, 16, 17, 32, 33, 64, 65, 100, 300];

    [Fact]
    public void Softmax_and_LogSumExp_in_float_follow_256_bit_arithmetic_within_their_bound() =>
        JudgeAll<float>(spread: 110, farthest: 1e38);

    [Fact]
    public void Softmax_and_LogSumExp_in_double_follow_256_bit_arithmetic_within_their_bound() =>
        JudgeAll<double>(spread: 760, farthest: 1e308);

    [Fact]
    public void Softmax_of_equal_scores_in_float_has_equal_shares() => CheckEqualScores<float>();

    [Fact]
    public void Softmax_of_equal_scores_in_double_has_equal_shares() => CheckEqualScores<double>();

    [Fact]
    public void Softmax_of_infinities_and_NaN_in_float_has_its_limits() => CheckSpecialRows<float>();

    [Fact]
    public void Softmax_of_infinities_and_NaN_in_double_has_its_limits() => CheckSpecialRows<double>();

    private static void JudgeAll<T>(double spread, double farthest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(19);
        foreach (int length in Lengths)
        {
            JudgeDraw<T>(length, () => 3 * (random.NextDouble() - 0.5));
            JudgeDraw<T>(length, () => random.Next(-9, 9));
            JudgeDraw<T>(length, () => -spread * random.NextDouble());
            JudgeDraw<T>(length, () => 1000 + random.NextDouble());
            JudgeDraw<T>(length, () => random.Next(3) == 0 ? double.NegativeInfinity : random.NextDouble());
            JudgeDraw<T>(length, () => random.Next(4) == 0 ? -farthest : farthest * random.NextDouble());

            // About -log(length): the logarithm of the sum is next to nothing.
            JudgeDraw<T>(length, () => -Math.Log(length) + (random.NextDouble() / 100));
        }

        // Sums of more than a block.
        JudgeDraw<T>(4200, () => 2 * random.NextDouble());
    }

    private static void JudgeDraw<T>(int length, Func<double> draw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked(draw()))];
        if (!x.All(T.IsNegativeInfinity))
            Judge(x);
    }

    private static void Judge<T>(T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] p = new T[x.Length];
        (T logSum, T again) = Softmax(x, p);
        Assert.Equal(Bits.Of(logSum), Bits.Of(again));

        double unit = CanonicalOrder.Unit<T>();
        T greatest = x.Max();
        BigReal origin = Exact(greatest), sum = 0, errors = 0;
        BigReal[] powers = new BigReal[x.Length];
        double[] units = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            (powers[i], units[i]) = PowerAndError(x[i], greatest);
            sum += powers[i];
            errors += powers[i] * BigReal.From(units[i]);
        }
        double ofSum = CanonicalOrder.Roundings<T>(x.Length) - 1 + (errors / sum).ToDouble();
        for (int i = 0; i < x.Length; i++)
        {
            // And a thousandth, for the products of errors.
            BigReal exact = powers[i] / sum;
            double most = 1.001 * unit * (units[i] + ofSum + 1) * exact.ToDouble();
            double error = Math.Abs((exact - Exact(p[i])).ToDouble()), ofSubnormal = 1.5 * double.CreateChecked(T.Epsilon);
            if (!(error <= most + ofSubnormal))
                Assert.Fail($"{x[i]:R} of {x.Length} numbers has the share {p[i]:R}; off by {error / unit}, not {most / unit} units");
        }
        BigReal log = BigReal.Log(sum), result = origin + log;
        double off = Math.Abs((result - Exact(logSum)).ToDouble());
        double bound = (1.001 * unit * ofSum) + (x.Length == 1 ? 0 : Ulp.Of(T.CreateChecked(log.ToDouble()))) + (Ulp.Of(logSum) / 2);
        if (!(off <= bound))
            Assert.Fail($"the logarithm of the sum over {x.Length} numbers is {logSum:R}; off by {off}, not {bound}");
    }

    /// <summary>e^(x - m), and by how many units the computed one may be off; 0 and 0 for minus infinity and what is as good.</summary>
    private static (BigReal Power, double Units) PowerAndError<T>(T x, T greatest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x == greatest)
            return (BigReal.One, 0);
        if (double.CreateChecked(x) - double.CreateChecked(greatest) < -800)
            return (BigReal.Zero, 0);
        BigReal difference = Exact(x) - Exact(greatest);
        bool isExact = (difference - Exact(x - greatest)).Mantissa.IsZero;
        double ofDifference = isExact ? 0 : Ulp.Of(x - greatest) / 2 / CanonicalOrder.Unit<T>();
        return (BigReal.Exp(difference), ofDifference + 2);
    }

    private static void CheckEqualScores<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int length in (int[])[.. Lengths, 5000])
        {
            foreach (double score in (double[])[0, -0.0, 1, -3.7, 1e30, -1e30])
            {
                T[] x = new T[length], p = new T[length];
                Array.Fill(x, T.CreateChecked(score));
                (T logSum, _) = Softmax(x, p);
                Assert.All(p, share => Assert.Equal(T.One / T.CreateChecked(length), share));
                if (length == 1)
                    Assert.Equal(x[0], logSum);
            }
        }
    }

    private static void CheckSpecialRows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T infinity = T.PositiveInfinity, half = T.One / (T.One + T.One), greatest = -T.BitIncrement(-infinity);
        foreach (int length in Lengths)
        {
            // One row with an odd number among five, at each place; the others are as if it were not there.
            foreach (T odd in (T[])[infinity, T.NaN])
            {
                Matrix<T> x = new(5, length), p = new(5, length);
                T[] logSums = new T[5], again = new T[5];
                x[2, length / 2] = odd;
                RowReductions.Softmax(x, p.View, logSums);
                RowReductions.LogSumExp(x, again);
                for (int i = 0; i < 5; i++)
                {
                    Assert.Equal(i == 2, T.IsNaN(logSums[i]));
                    Assert.Equal(Bits.Of(logSums[i]), Bits.Of(again[i]));
                    Assert.All(p.View.Row(i).ToArray(), share => Assert.Equal(i == 2 ? T.NaN : T.One / T.CreateChecked(length), share));
                }
            }

            // Nothing but minus infinity is NaN; beside one number it is nothing.
            T[] none = new T[length], shares = new T[length];
            Array.Fill(none, -infinity);
            Assert.True(T.IsNaN(Softmax(none, shares).LogSum));
            Assert.All(shares, share => Assert.True(T.IsNaN(share)));
            none[^1] = -greatest;
            Assert.Equal(-greatest, Softmax(none, shares).LogSum);
            Assert.All(shares[..^1], share => Assert.Equal(Bits.Of(T.Zero), Bits.Of(share)));
            Assert.Equal(T.One, shares[^1]);
        }
        T[] ends = new T[3];
        Softmax([greatest, -greatest, greatest], ends);
        Assert.Equal([half, T.Zero, half], ends);
    }

    private static (T LogSum, T Again) Softmax<T>(T[] x, T[] p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] logSum = new T[1], again = new T[1];
        ReadOnlyMatrixView<T> source = new(x, 1, x.Length);
        RowReductions.Softmax(source, new MatrixView<T>(p, 1, x.Length), logSum);
        RowReductions.LogSumExp(source, again);
        return (logSum[0], again[0]);
    }

    private static BigReal Exact<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BigReal.From(double.CreateChecked(value));
}
