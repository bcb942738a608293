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
        (double lower, double median, double upper) = row.Regret;
        Assert.True(lower <= median && median <= upper && lower > 0);
        Assert.Equal(5, row.Regrets.Length);
    }

    /// <summary>The same points have the same values in <c>benchmarks/peers/optuna_searches.py</c>.</summary>
    [Fact]
    public void TestFunction_mixed_spaces_have_the_values_that_the_peer_computes()
    {
        Assert.Equal(
            0.26 + 0.045 + 0.1,
            Regret("Mixed", new("kind", "b"), new("rate", 0.01), new("depth", 5), new("momentum", 0.7), new("width", 64)),
            1e-12);
        Assert.Equal(0.6 + 0.045 + 0.9 + 0.6, Regret("Mixed", new("kind", "a"), new("rate", 0.01), new("depth", 3)), 1e-12);
        Assert.Equal(
            (0.5 * Math.Log10(5)) + 0.15 + 0.2 + 0.05 + 0.02,
            Regret(
                "Nested", new("optimizer", "sgd"), new("sgd rate", 0.01), new("momentum", "classical"), new("mass", 0.75), new("layers", 4),
                new("units", 256)),
            1e-12);
        Assert.Equal(
            0.25 + 0.4 + 0.1 + 0.02,
            Regret("Nested", new("optimizer", "adam"), new("adam rate", 1e-2), new("beta", 0.95), new("layers", 2), new("units", 256)),
            1e-12);
    }

    private static double Regret(string function, params NamedValue[] point) =>
        TestFunction.All.Single(row => row.Name == function).Regret(new Trial(0, 0, 1, 0, new SearchPoint(point)));

    [Fact]
    public void SearchComparison_tells_better_from_level_and_leaves_out_what_has_no_peer()
    {
        double[] low = [.. Enumerable.Range(0, 20).Select(i => 1.0 + i)], high = [.. low.Select(regret => regret + 15)];
        SearchRow[] ours = [new("TPE", "Branin", 100, low), new("CMA-ES", "Branin", 100, low), new("TPE", "Mixed", 50, low)];
        SearchRow[] peers = [new("TPE", "Branin", 100, high), new("CMA-ES", "Branin", 100, low), new("TPE", "Mixed", 100, high)];
        Assert.Equal(["better", "level"], SearchComparison.Of(ours, peers).Select(comparison => comparison.Verdict));
        Assert.Equal(["WORSE", "level"], SearchComparison.Of(peers, ours).Select(comparison => comparison.Verdict));
    }

    /// <summary>Of a hundred claims and completions a second each, fifty trials a second; heartbeats as fast cost as much again.</summary>
    [Fact]
    public void StoreModel_workers_are_those_that_keep_the_store_busy()
    {
        SpeedRow[] rows =
        [
            new("claims, 1 processes", 1, 1000), new("claims, 16 processes", 1, 10), new("completions, 16 processes", 1, 10),
            new("heartbeats, 16 processes", 1, 10), new("questions for news, 16 processes", 1, 10),
            new("claims that do not wait for the disk, 16 processes", 1, 1),
        ];
        StoreModel model = StoreModel.Of(rows);
        Assert.Equal(50, model.Workers(1, double.PositiveInfinity), 1e-9);
        Assert.Equal(1 / (0.02 + 0.06), model.Workers(1, 1), 1e-9);
    }

    private static double RegretAt(TestFunction function, double[] point) => function.Regret(new Trial(
        0, 0, 1, 0, new SearchPoint([.. point.Select((value, i) => new NamedValue($"x{i}", value))])));
}
