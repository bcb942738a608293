using System.Numerics;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Normalization;

/// <summary>The combination of blocks at every width, for every number of channels around a vector.</summary>
[Collection(Alone.Name)]
public class BlockCombinationTests
{
    [Fact]
    public void Block_combination_equals_plain_loops_and_writes_nothing_beyond()
    {
        foreach (int width in Widths.All)
        {
            for (int channels = 0; channels <= 35; channels++)
            {
                int count = channels;
                Widths.At(width, () => Check<float>(count));
                Widths.At(width, () => Check<double>(count));
            }
        }
    }

    private static void Check<T>(int channels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // One more number stands behind each span.
        double[] means = Numbers(1, channels + 1), squares = Numbers(2, channels + 1), totals = Numbers(3, channels + 1);
        T[] firsts = Narrow(Numbers(4, channels + 1)), rests = Narrow(Numbers(5, channels + 1)), seconds = Narrow(Numbers(6, channels + 1));
        double[] expectedMeans = [.. means], expectedSquares = [.. squares], expectedTotals = [.. totals];
        var shares = new BlockCombination<T>.Shares(0.25, 0.5, 3);
        for (int c = 0; c < channels; c++)
        {
            double rest = double.CreateChecked(rests[c]), off = rest * 0.25;
            double difference = double.CreateChecked(firsts[c]) + off - means[c];
            expectedMeans[c] += difference * 0.5;
            expectedSquares[c] += double.CreateChecked(seconds[c]) - (rest * off) + (difference * difference * 3);
            expectedTotals[c] += double.CreateChecked(firsts[c]);
        }
        BlockCombination<T>.AddMoments(
            firsts.AsSpan(0, channels), rests.AsSpan(0, channels), seconds.AsSpan(0, channels), shares, means.AsSpan(0, channels),
            squares.AsSpan(0, channels));
        BlockCombination<T>.Add(firsts.AsSpan(0, channels), totals.AsSpan(0, channels));
        Assert.Equal(expectedMeans, means);
        Assert.Equal(expectedSquares, squares);
        Assert.Equal(expectedTotals, totals);

        static T[] Narrow(double[] numbers) => [.. numbers.Select(T.CreateChecked)];
    }

    // Sixteenths, of which every result has few digits.
    private static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(-64, 65) / 16.0)];
    }
}
