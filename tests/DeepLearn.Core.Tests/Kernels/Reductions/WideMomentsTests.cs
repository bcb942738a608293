using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

/// <summary>Means near the end of a type's range, whose differences are beyond it.</summary>
public sealed class WideMomentsTests
{
    public static TheoryData<int> Lengths => [2, 3, 16, 17, 64, 1000, 5000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Mean_and_variance_of_numbers_whose_differences_overflow_are_those_of_a_wider_type(int length)
    {
        // Alternating 3e38 and -3e38, the first more often where the length is odd.
        var numbers = new float[length];
        for (int i = 0; i < length; i++)
            numbers[i] = i % 2 == 0 ? 3e38f : -3e38f;
        float expected = (float)numbers.Average(number => (double)number);

        (float mean, float variance) = Reduce.MeanAndVariance<float>(numbers);

        Assert.Equal(expected, mean, 1e-6 * 3e38);
        Assert.Equal(float.PositiveInfinity, variance);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Rows_and_columns_beside_ordinary_ones_have_their_means(int length)
    {
        var rows = new Matrix<float>(3, length);
        rows.AsSpan().Fill(2);
        for (int i = 0; i < length; i++)
            rows[1, i] = i % 2 == 0 ? 3e38f : -3e38f;
        float expected = (float)rows.Row(1).ToArray().Average(number => (double)number);
        var columns = new Matrix<float>(length, 3);
        for (int i = 0; i < length; i++)
            (columns[i, 0], columns[i, 1], columns[i, 2]) = (rows[0, i], rows[1, i], rows[2, i]);

        float[] means = new float[3], variances = new float[3];
        RowReductions.MeanAndVariance<float>(rows, means, variances);
        Check();
        ColumnReductions.MeanAndVariance<float>(columns, means, variances);
        Check();

        void Check()
        {
            Assert.Equal([2, 2], [means[0], means[2]]);
            Assert.Equal([0, 0], [variances[0], variances[2]]);
            Assert.Equal(expected, means[1], 1e-6 * 3e38);
            Assert.Equal(float.PositiveInfinity, variances[1]);
        }
    }

    [Fact]
    public void Doubles_near_the_end_of_their_range_have_a_mean()
    {
        (double mean, double variance) = Reduce.MeanAndVariance<double>([1.7e308, -1.7e308, 1.7e308, 1.7e308]);

        Assert.Equal(8.5e307, mean, 1e293);
        Assert.Equal(double.PositiveInfinity, variance);
    }

    [Fact]
    public void What_is_not_finite_itself_has_no_mean()
    {
        Assert.True(float.IsNaN(Reduce.MeanAndVariance<float>([1, float.NaN, 2]).Mean));
        Assert.True(float.IsNaN(Reduce.MeanAndVariance<float>([1, float.PositiveInfinity, 2]).Variance));
    }
}
