using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

public class ReduceTests
{
    [Fact]
    public void Reduce_Sum_adds_in_the_documented_order()
    {
        // 64 lanes, each in order; the upper half added to the lower until one is left; blocks of 4096 in double precision.
        foreach (int length in (int[])[0, 1, 5, 63, 64, 65, 1000, 4096, 4097, 10000])
        {
            float[] x = KernelRuns.Numbers<float>(length, 9);
            double total = 0, lost = 0;
            for (int start = 0; start < length; start += 4096)
            {
                var lanes = new float[64];
                for (int i = start; i < Math.Min(length, start + 4096); i++)
                    lanes[i % 64] += x[i];
                for (int half = 32; half > 0; half /= 2)
                {
                    for (int i = 0; i < half; i++)
                        lanes[i] += lanes[i + half];
                }
                double sum = total + lanes[0];
                lost += (total - (sum - (sum - total))) + (lanes[0] - (sum - total));
                total = sum;
            }
            Assert.Equal((float)(total + lost), Reduce.Sum<float>(x));
        }
    }

    [Fact]
    public void Reduce_sums_in_float_are_within_their_bound() => JudgeSums<float>();

    [Fact]
    public void Reduce_sums_in_double_are_within_their_bound() => JudgeSums<double>();

    private static void JudgeSums<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // All short ones, and those next to whole blocks.
        int[] lengths = [.. Enumerable.Range(0, 200), 1000, 2047, 2048, 2049, 4095, 4096, 4097, 8191, 8193, 20_000, 100_003];
        foreach (int length in lengths)
        {
            JudgeSums(KernelRuns.Numbers<T>(length, 1), KernelRuns.Numbers<T>(length, 2));

            // Of one sign, and all rounded to the same side.
            T[] tenths = new T[length], thirds = new T[length];
            Array.Fill(tenths, T.CreateChecked(0.1));
            Array.Fill(thirds, T.CreateChecked(-1 / 3.0));
            JudgeSums(tenths, thirds);

            // Each followed by what cancels it but for a little.
            T[] numbers = KernelRuns.Numbers<T>(length, 3);
            for (int i = 1; i < length; i += 2)
                numbers[i] = T.BitIncrement(-numbers[i - 1]);
            JudgeSums(numbers, thirds);
        }
    }

    /// <summary>By no more than the roundings that each term goes through, which are 72 for a long sum.</summary>
    private static void JudgeSums<T>(T[] x, T[] y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = x.Length;
        double[] a = [.. x.Select(double.CreateChecked)], b = [.. y.Select(double.CreateChecked)];
        int roundings = CanonicalOrder.Roundings<T>(length);
        Assert.InRange(roundings, 0, 72);
        double magnitude = a.Sum(Math.Abs), squares = a.Sum(value => value * value);
        Close("sum", Exact(value => (value, 1)), magnitude, Reduce.Sum<T>(x), roundings - 1);
        Close("sum of magnitudes", Exact(value => (Math.Abs(value), 1)), magnitude, Reduce.SumOfMagnitudes<T>(x), roundings - 1);
        Close("sum of squares", Exact(value => (value, value)), squares, Reduce.SumOfSquares<T>(x), roundings);
        Close("dot", CanonicalOrder.Sum(a.Zip(b)), a.Zip(b, (p, q) => Math.Abs(p * q)).Sum(), Reduce.Dot<T>(x, y), roundings);

        // A square root halves the relative error, and rounds once itself, once more to float.
        (double high, double low) = Exact(value => (value, value));
        double root = Math.Sqrt(high), rest = (Math.FusedMultiplyAdd(-root, root, high) + low) / (2 * Math.Max(root, 1e-300));
        Close("norm", (root, rest), root, Reduce.Norm<T>(x), (roundings / 2.0) + 1.001);
        if (length == 0)
            return;

        // The mean is off as the sum of the differences from the first number is, each of them rounded, and is rounded itself. So are the
        // differences from it (each square by two units, and one for the next order), and the mean's own error adds its square.
        (T foundMean, T foundVariance) = Reduce.MeanAndVariance<T>(x);
        (high, low) = Exact(value => (value, 1));
        double mean = high / length, meanRest = (Math.FusedMultiplyAdd(-mean, length, high) + low) / length;
        double differences = a.Sum(value => Math.Abs(value - a[0])) / length;
        Close("mean", (mean, meanRest), ((roundings + 1) * differences) + Math.Abs(mean), foundMean, 1);
        double offMean = (mean - double.CreateChecked(foundMean)) + meanRest;
        (high, low) = CanonicalOrder.Sum(a.SelectMany(SquaredDeviation));
        double variance = (high + low) / length, allowed = (roundings + 3) * CanonicalOrder.Unit<T>() * variance;
        Assert.InRange(Math.Abs(double.CreateChecked(foundVariance) - variance), 0, (1.001 * (allowed + (offMean * offMean))) + 1e-300);

        (double High, double Low) Exact(Func<double, (double, double)> f) => CanonicalOrder.Sum(a.Select(f));

        // The square of value - mean - meanRest, the difference in two numbers.
        IEnumerable<(double, double)> SquaredDeviation(double value)
        {
            double deviation = value - mean, ofMean = deviation - value;
            double rest = (value - (deviation - ofMean)) - (mean + ofMean) - meanRest;
            return [(deviation, deviation), (2 * deviation, rest), (rest, rest)];
        }

        void Close(string what, (double High, double Low) exact, double scale, T found, double units)
        {
            double error = Math.Abs((double.CreateChecked(found) - exact.High) - exact.Low);
            double most = Math.Max(0, units) * CanonicalOrder.Unit<T>() * scale * 1.001;
            if (!(error <= most))
                Assert.Fail($"the {what} over {length} numbers is off by {error}, not {most}");
        }
    }

    [Fact]
    public void Reduce_Sum_of_thirty_million_terms_keeps_its_accuracy()
    {
        // A plain loop over as many tenths ends at 2,097,152 for ever, since 0.1 is lost beside it.
        var x = new float[30_000_000];
        Array.Fill(x, 0.1f);
        double exact = x.Length * (double)0.1f;
        Assert.Equal(exact, Reduce.Sum<float>(x), 1e-6 * exact);
        Assert.Equal(0.1, Reduce.MeanAndVariance<float>(x).Mean, 1e-7);
    }

    [Fact]
    public void Reduce_sums_of_blocks_carry_what_they_round_off()
    {
        // Beside 2^53 a 1 is lost, and 150 of them would be more than the bound.
        const int Block = 2048, Ones = 150;
        var x = new double[(Ones + 1) * Block];
        for (int i = 0; i < x.Length; i += Block)
            x[i] = 1;
        x[0] = Math.ScaleB(1, 53);
        Assert.Equal(Math.ScaleB(1, 53) + Ones, Reduce.Sum<double>(x));
        Assert.Equal(Math.ScaleB(1, 53) + Ones, Reduce.SumOfMagnitudes<double>(x));
        Assert.Equal(Math.ScaleB(1, 53) + Ones, Reduce.Dot<double>(x, [.. x.Select((_, i) => i == 0 ? 1.0 : x[i])]));
    }

    [Fact]
    public void Reduce_MeanAndVariance_with_a_large_mean_keeps_its_digits()
    {
        double[] x = [.. Enumerable.Range(0, 1001).Select(i => 1e9 + (i % 7))];
        (double mean, double variance) = Reduce.MeanAndVariance<double>(x);
        double exactMean = x.Select(value => value - 1e9).Average();
        Assert.Equal(1e9 + exactMean, mean, 1e-6);
        Assert.Equal(x.Select(value => Math.Pow(value - 1e9 - exactMean, 2)).Average(), variance, 1e-9);
        Assert.Throws<ArgumentException>(() => Reduce.MeanAndVariance<float>([]));
    }

    [Fact]
    public void Reduce_sums_propagate_infinities_and_NaN()
    {
        var x = new float[10000];
        Assert.Equal(0, Reduce.Sum<float>([]));
        Assert.False(float.IsNegative(Reduce.Sum([-0f])));
        x[9000] = float.PositiveInfinity;
        Assert.Equal(float.PositiveInfinity, Reduce.Sum<float>(x));
        x[1] = float.NegativeInfinity;
        Assert.Equal(float.NaN, Reduce.Sum<float>(x));
        Assert.Equal(float.PositiveInfinity, Reduce.SumOfSquares<float>(x));
    }

    [Property(MaxTest = 200)]
    public void Reduce_extremes_equal_a_plain_loop(ushort length, int seed, bool specials)
    {
        double[] x = KernelRuns.Numbers<double>((length % 300) + 1, seed, specials);
        if (seed % 3 == 0)
            x = [.. x.Select(value => Math.Round(value))];
        bool unordered = x.Any(double.IsNaN);
        Assert.Equal(unordered ? double.NaN : x.Max() + 0.0, Reduce.Max<double>(x));
        Assert.Equal(unordered ? double.NaN : x.Min() + 0.0, Reduce.Min<double>(x));
        Assert.Equal(unordered ? double.NaN : x.Max(Math.Abs), Reduce.MaxMagnitude<double>(x));
        int expected = unordered ? Array.FindIndex(x, double.IsNaN) : Array.FindIndex(x, value => value == x.Max());
        Assert.Equal(expected, Reduce.ArgMax<double>(x));
    }

    [Fact]
    public void Reduce_extreme_that_is_zero_is_positive_zero()
    {
        Assert.False(float.IsNegative(Reduce.Max([-0f, -1f])));
        Assert.False(float.IsNegative(Reduce.Min([-0f, 1f])));
        Assert.Equal(0, Reduce.ArgMax([-0f, 0f]));
        Assert.Throws<ArgumentException>(() => Reduce.Max<float>([]));
        Assert.Throws<ArgumentException>(() => Reduce.ArgMax<float>([]));
        Assert.Equal(0, Reduce.MaxMagnitude<float>([]));
    }

    [Fact]
    public void Reduce_sum_of_signed_zeros_has_the_documented_sign()
    {
        // A lane starts at +0, which -0 does not change; products too small for anything else make -0 of it. +0 wins where lanes are added.
        for (int length = 0; length < 200; length++)
        {
            float[] tiny = [.. Enumerable.Repeat(float.Epsilon, length)], against = [.. Enumerable.Repeat(-float.Epsilon, length)];
            float dot = Reduce.Dot<float>(tiny, against);
            Assert.Equal(0, dot);
            Assert.Equal(length >= 64, float.IsNegative(dot));
            Assert.False(float.IsNegative(Reduce.Sum<float>([.. Enumerable.Repeat(-0f, length)])));
        }
    }

    [Fact]
    public void Reduce_SumOf_counts_no_element_beyond_the_end()
    {
        for (int length = 0; length < 200; length++)
        {
            Assert.Equal(length, Reduce.SumOf(default(AddOne<float>), (ReadOnlySpan<float>)new float[length]));
            Assert.Equal(length, Reduce.SumOf(default(AddOne<double>), (ReadOnlySpan<double>)new double[length]));
        }
    }

    private readonly struct AddOne<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => x + LaneMath.Constant<TLanes, T>(1);
    }
}
