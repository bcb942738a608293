using DeepLearn.Benchmarks.Measuring;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 5.0, 1, 3 }, 3)]
    [InlineData(new[] { 4.0, 1, 3, 2 }, 2.5)]
    public void MedianIsTheMiddle(double[] values, double expected) => Assert.Equal(expected, Statistics.Median(values));

    [Fact]
    public void QuartilesAreInterpolated() =>
        Assert.Equal(new Quartiles(1.75, 2.5, 3.25), Statistics.QuartilesOf([4, 1, 3, 2]));

    [Fact]
    public void NothingHasNoMedianAndNoMean()
    {
        Assert.True(double.IsNaN(Statistics.Median([])));
        Assert.True(double.IsNaN(Statistics.GeometricMean([])));
    }

    [Fact]
    public void GeometricMeanIsTheRootOfTheProduct() => Assert.Equal(4, Statistics.GeometricMean([1, 4, 16]), 12);

    [Property]
    public bool ARatioAndItsReciprocalCancel(PositiveInt ratio) =>
        Math.Abs(Statistics.GeometricMean([ratio.Get, 1.0 / ratio.Get]) - 1) < 1e-12;

    [Property]
    public bool QuartilesAreInOrderAndWithinTheValues(NonEmptyArray<int> values)
    {
        double[] numbers = [.. values.Get.Select(value => (double)value)];
        (double lower, double median, double upper) = Statistics.QuartilesOf(numbers);
        return numbers.Min() <= lower && lower <= median && median <= upper && upper <= numbers.Max();
    }
}
