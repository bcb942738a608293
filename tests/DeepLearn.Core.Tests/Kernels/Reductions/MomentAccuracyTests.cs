using DeepLearn.Foundation;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

/// <summary>Means and variances in float against double: constants, large means, long rows and columns.</summary>
[Collection(Alone.Name)]
public class MomentAccuracyTests
{
    [Property(MaxTest = 60)]
    public void MeanAndVariance_of_a_constant_are_the_constant_and_zero_over_rows_columns_and_spans(int seed, ushort rows, ushort columns)
    {
        RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
        var constant = (float)(Math.ScaleB(1 + random.NextUniform(), random.NextIndex(120) - 60));
        Check((rows % 5000) + 1, (columns % 40) + 1, constant);
        Check((rows % 40) + 1, (columns % 9000) + 1, -constant);

        static void Check(int rows, int columns, float constant)
        {
            var x = new Matrix<float>(rows, columns);
            x.View.Fill(constant);
            float[] means = new float[columns], variances = new float[columns], rowMeans = new float[rows], rowVariances = new float[rows];
            foreach (int width in Widths.All)
            {
                Widths.At(width, () =>
                {
                    ColumnReductions.MeanAndVariance(x, means, variances);
                    RowReductions.MeanAndVariance(x, rowMeans, rowVariances);
                });
                Assert.All(means.Concat(rowMeans), mean => Assert.Equal(constant, mean));
                Assert.All(variances.Concat(rowVariances), variance => Assert.Equal(0, variance));
            }
        }
    }

    [Theory]
    [InlineData(1_000_000, 1, 1e6, 1)]
    [InlineData(300_000, 3, 0.1, 0.3)]
    [InlineData(64, 300, 1.6e7, 20)]
    [InlineData(3, 200_000, 1e6, 1)]
    [InlineData(1, 1_000_000, -1e5, 0.5)]
    public void MeanAndVariance_of_long_sums_with_a_large_mean_are_those_of_double_rounded(
        int rows, int columns, double mean, double deviation)
    {
        var x = new Matrix<float>(rows, columns);
        RandomStream random = RandomKey.FromSeed(5).Open();
        foreach (ref float number in x.AsSpan())
            number = (float)(mean + (deviation * Math.Sqrt(12) * (random.NextUniform() - 0.5)));
        float[] means = new float[columns], variances = new float[columns], rowMeans = new float[rows], rowVariances = new float[rows];
        ColumnReductions.MeanAndVariance(x, means, variances);
        RowReductions.MeanAndVariance(x, rowMeans, rowVariances);
        for (int j = 0; j < columns; j += Math.Max(1, columns / 100))
            Judge(Enumerable.Range(0, rows).Select(i => x[i, j]), means[j], variances[j]);
        for (int i = 0; i < rows; i += Math.Max(1, rows / 100))
            Judge(x.Row(i).ToArray(), rowMeans[i], rowVariances[i]);

        // What an exact mean is off by when it is rounded, and sums of 256 numbers and of their sums, typically far less than the bound.
        void Judge(IEnumerable<float> numbers, float found, float foundVariance)
        {
            double exact = mean + numbers.Average(number => number - mean);
            double variance = numbers.Average(number => (number - exact) * (number - exact));
            double lost = (256 + (rows / 256.0)) * Math.ScaleB(1, -24);
            Assert.Equal(exact, found, Math.ScaleB(Math.Abs(exact), -24) + (lost * deviation));
            Assert.Equal(variance, foundVariance, 4 * lost * deviation * deviation);
        }
    }

    [Fact]
    public void ColumnReductions_Sum_of_a_million_rows_is_within_its_bound()
    {
        const int Rows = 1_000_000;
        var x = new Matrix<float>(Rows, 2);
        for (int i = 0; i < Rows; i++)
            (x[i, 0], x[i, 1]) = (0.1f, (float)Math.Sin(i));
        float[] sums = new float[2];
        ColumnReductions.Sum<float>(x, 1, 0, sums);
        double unit = Math.ScaleB(256 + (Rows / 256.0), -24);
        Assert.Equal(Rows * (double)0.1f, sums[0], unit * Rows * 0.1);
        Assert.Equal(Enumerable.Range(0, Rows).Sum(i => (double)x[i, 1]), sums[1], unit * Rows);
    }
}
