using DeepLearn.Benchmarks.Searches;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class TestFunctionTests
{
    [Theory]
    [InlineData("Branin", 3.141592653589793, 2.275)]
    [InlineData("Branin", -3.141592653589793, 12.275)]
    [InlineData("Hartmann-6", 0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573)]
    [InlineData("Rosenbrock-10", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)]
    [InlineData("Ackley-5", 0.31, -0.47, 0.12, 0.58, -0.26)]
    [InlineData("Levy-4", 2.24, -0.88, 1.48, 3.32)]
    [InlineData("Styblinski-Tang-5", -2.903534, -2.903534, -2.903534, -2.903534, -2.903534)]
    [InlineData("Ellipsoid-6", 0.31, -0.47, 0.12, 0.58, -0.26, 0.44)]
    public void TestFunction_regret_is_zero_at_the_known_lowest_point_and_positive_beside_it(string name, params double[] lowest)
    {
        TestFunction function = TestFunction.All.Single(row => row.Name == name);
        Assert.Equal(0, RegretAt(function, lowest), 1e-5);
        for (int i = 0; i < lowest.Length; i++)
        {
            double[] beside = [.. lowest];
            beside[i] -= 0.02;
            Assert.True(RegretAt(function, beside) > 1e-5);
        }
    }

    [Fact]
    public void SearchMeasurement_row_has_the_median_between_its_quartiles()
    {
        var measurement = new SearchMeasurement(trials: 12, seeds: 5, firstSeed: 0);
        SearchRow row = measurement.Run(measurement.Samplers[0], TestFunction.All[0]);
        Assert.True(row.LowerRegret <= row.MedianRegret && row.MedianRegret <= row.UpperRegret && row.LowerRegret > 0);
    }

    private static double RegretAt(TestFunction function, double[] point) => function.Regret(new Trial(
        0, 0, 1, 0, new SearchPoint([.. point.Select((value, i) => new NamedValue($"x{i}", value))])));
}
