using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Kernels.Simd;
using FsCheck.Xunit;
using Xunit;

namespace DeepLearn.Tests.Kernels;

public class ReduceTests
{
    [Fact]
    public void TheOrderIsThatOfTheReadme()
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

    [Property(MaxTest = 100)]
    public void SumsAreRightWithinTheirBound(ushort length, int seed)
    {
        float[] x = KernelRuns.Numbers<float>(length % 20000, seed), y = KernelRuns.Numbers<float>(x.Length, seed + 1);
        Close(x.Sum(value => (double)value), x.Sum(value => Math.Abs((double)value)), Reduce.Sum<float>(x));
        Close(x.Sum(value => Math.Abs((double)value)), x.Sum(value => Math.Abs((double)value)), Reduce.SumOfMagnitudes<float>(x));
        Close(x.Sum(value => (double)value * value), x.Sum(value => (double)value * value), Reduce.SumOfSquares<float>(x));
        Close(x.Zip(y, (a, b) => (double)a * b).Sum(), x.Zip(y, (a, b) => Math.Abs((double)a * b)).Sum(), Reduce.Dot<float>(x, y));
        Close(Math.Sqrt(x.Sum(value => (double)value * value)), Math.Sqrt(x.Sum(value => (double)value * value)), Reduce.Norm<float>(x));

        static void Close(double exact, double magnitude, float found) =>
            Assert.InRange(Math.Abs(found - exact), 0, 72 * Math.ScaleB(magnitude, -24) + double.Epsilon);
    }

    [Fact]
    public void TheErrorOfALongSumDoesNotGrow()
    {
        // A plain loop over as many tenths ends at 2,097,152 for ever, since 0.1 is lost beside it.
        var x = new float[30_000_000];
        Array.Fill(x, 0.1f);
        double exact = x.Length * (double)0.1f;
        Assert.Equal(exact, Reduce.Sum<float>(x), 1e-6 * exact);
        Assert.Equal(0.1, Reduce.MeanAndVariance<float>(x).Mean, 1e-7);
    }

    [Fact]
    public void MeanAndVarianceOfShiftedNumbers()
    {
        double[] x = [.. Enumerable.Range(0, 1001).Select(i => 1e9 + (i % 7))];
        (double mean, double variance) = Reduce.MeanAndVariance<double>(x);
        double exactMean = x.Select(value => value - 1e9).Average();
        Assert.Equal(1e9 + exactMean, mean, 1e-6);
        Assert.Equal(x.Select(value => Math.Pow(value - 1e9 - exactMean, 2)).Average(), variance, 1e-9);
        Assert.Throws<ArgumentException>(() => Reduce.MeanAndVariance<float>([]));
    }

    [Fact]
    public void InfinitiesAndNaNGoThroughSums()
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
    public void ExtremesAreThoseOfAPlainLoop(ushort length, int seed, bool specials)
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
    public void AZeroExtremeIsPositive()
    {
        Assert.False(float.IsNegative(Reduce.Max([-0f, -1f])));
        Assert.False(float.IsNegative(Reduce.Min([-0f, 1f])));
        Assert.Equal(0, Reduce.ArgMax([-0f, 0f]));
        Assert.Throws<ArgumentException>(() => Reduce.Max<float>([]));
        Assert.Throws<ArgumentException>(() => Reduce.ArgMax<float>([]));
        Assert.Equal(0, Reduce.MaxMagnitude<float>([]));
    }

    [Fact]
    public void ASumOfZerosHasTheSignThatItsLanesGiveIt()
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
    public void AFunctionOfZeroIsNotCountedBeyondTheEnd()
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
