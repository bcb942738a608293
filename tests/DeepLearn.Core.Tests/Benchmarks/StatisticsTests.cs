using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Tests.Support;
using FsCheck;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 5.0, 1, 3 }, 3)]
    [InlineData(new[] { 4.0, 1, 3, 2 }, 2.5)]
    public void Statistics_Median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, Statistics.Median(values));

    [Fact]
    public void Statistics_quartiles_are_interpolated() =>
        Assert.Equal(new Quartiles(1.75, 2.5, 3.25), Statistics.QuartilesOf([4, 1, 3, 2]));

    [Fact]
    public void Statistics_of_no_values_are_NaN()
    {
        Assert.True(double.IsNaN(Statistics.Median([])));
        Assert.True(double.IsNaN(Statistics.GeometricMean([])));
    }

    [Fact]
    public void Statistics_GeometricMean_is_the_root_of_the_product() => Assert.Equal(4, Statistics.GeometricMean([1, 4, 16]), 12);

    /// <summary>The probabilities are those of SciPy's <c>mannwhitneyu</c> with <c>method="asymptotic"</c>.</summary>
    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, new[] { 6.0, 7, 8, 9, 10 }, 0.012185780355344813)]
    [InlineData(new[] { 1.0, 4, 5, 8, 9, 11 }, new[] { 2.0, 3, 6, 7, 10 }, 0.7841912294016191)]
    [InlineData(new[] { 1.0, 1, 2, 2, 3 }, new[] { 2.0, 3, 3, 4 }, 0.09783166898477647)]
    [InlineData(new[] { 1.0, 1 }, new[] { 1.0, 1, 1 }, 1)]
    public void Statistics_RankSumProbability_is_that_of_the_peer(double[] one, double[] other, double expected)
    {
        Assert.Equal(expected, Statistics.RankSumProbability(one, other), 1e-7);
        Assert.Equal(expected, Statistics.RankSumProbability(other, one), 1e-7);
    }

    [Property]
    public bool Statistics_GeometricMean_of_a_ratio_and_its_reciprocal_is_one(PositiveInt ratio) =>
        Math.Abs(Statistics.GeometricMean([ratio.Get, 1.0 / ratio.Get]) - 1) < 1e-12;

    [Property]
    public bool Statistics_quartiles_are_in_order_and_within_the_values(NonEmptyArray<int> values)
    {
        double[] numbers = [.. values.Get.Select(value => (double)value)];
        (double lower, double median, double upper) = Statistics.QuartilesOf(numbers);
        return numbers.Min() <= lower && lower <= median && median <= upper && upper <= numbers.Max();
    }
}
