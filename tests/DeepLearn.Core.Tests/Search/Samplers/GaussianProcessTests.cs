using DeepLearn.Search;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Samplers;

public class GaussianProcessTests
{
    [Fact]
    public void Cholesky_solves_and_inverts()
    {
        // L = [2 0 0; 1 3 0; -1 2 1].
        double[] matrix = [4, 2, -2, 2, 10, 5, -2, 5, 6];
        Cholesky factor = Cholesky.Of(matrix, 3)!;
        Assert.Equal([2, 3, 1], factor.Diagonal);
        double[] b = [4, 17, 9];
        factor.SolveLower(b);
        Assert.Equal([2, 5, 1], b);
        double[] inverse = factor.Inverse();
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, 3).Sum(k => matrix[(3 * i) + k] * inverse[(3 * k) + j]), 12);
        }
        Assert.Null(Cholesky.Of([1, 2, 2, 1], 2));
    }

    [Fact]
    public void GaussianProcess_of_two_points_is_what_the_formulas_give()
    {
        // Length 1 and noise e^-30 beside the least one: k(r) = (1 + sqrt5 r + 5 r^2 / 3) exp(-sqrt5 r).
        var kernel = new GaussianProcessKernel([false], [0, -30]);
        GaussianProcess process = GaussianProcess.Of(kernel, [[0.0], [1.0]], [1, -1]);
        double Kernel(double r) => (1 + (Math.Sqrt(5) * r) + (5 * r * r / 3)) * Math.Exp(-Math.Sqrt(5) * r);
        double noise = 1e-6 + Math.Exp(-30), variance = 1 / (1 + noise - Kernel(1));
        double a = 1 + noise, c = Kernel(1), determinant = (a * a) - (c * c);
        foreach (double at in new[] { 0, 0.2, 0.5, 1, 3 })
        {
            double near = Kernel(at), far = Kernel(Math.Abs(1 - at));
            (double mean, double deviation) = process.At([at]);
            Assert.Equal((near - far) / (a - c), mean, 9);
            double explained = ((a * ((near * near) + (far * far))) - (2 * c * near * far)) / determinant;
            Assert.Equal(Math.Sqrt(variance * Math.Max(1 - explained, 1e-12)), deviation, 9);
        }
    }

    [Fact]
    public void GaussianProcessKernel_gradient_of_the_probability_is_its_derivative()
    {
        var random = new Random(3);
        double[][] points = [.. Enumerable.Range(0, 12).Select(i => new[] { random.NextDouble(), random.NextDouble(), i % 3 })];
        double[] values = [.. points.Select(point => Math.Sin(5 * point[0]) + point[2] - 1 + (0.1 * random.NextDouble()))];
        double[] logarithms = [-0.7, 0.4, 0.1, -3];
        double[] gradient = Kernel(logarithms).Cost(points, values).Gradient;
        for (int i = 0; i < logarithms.Length; i++)
        {
            double[] more = [.. logarithms], less = [.. logarithms];
            more[i] += 1e-5;
            less[i] -= 1e-5;
            double numeric = (Kernel(more).Cost(points, values).Value - Kernel(less).Cost(points, values).Value) / 2e-5;
            Assert.Equal(numeric, gradient[i], 1e-6 * (1 + Math.Abs(numeric)));
        }

        static GaussianProcessKernel Kernel(double[] logarithms) => new([false, false, true], logarithms);
    }

    [Fact]
    public void GaussianProcessKernel_fit_finds_the_dimension_that_matters()
    {
        var random = new Random(3);
        double[][] points = [.. Enumerable.Range(0, 40).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        double[] values = [.. points.Select(point => Math.Sin(9 * point[0]))];
        GaussianProcessKernel kernel = GaussianProcessKernel.Fit([false, false], points, values);
        Assert.True(kernel.SquaredDistance([0.1, 0], [0.2, 0]) > 10 * kernel.SquaredDistance([0, 0.1], [0, 0.2]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void GaussianProcessSampler_finds_the_bottom_of_Branins_function_in_forty_trials(int window)
    {
        var space = new SearchSpace(new UniformDimension("x", -5, 10), new UniformDimension("y", 0, 15));
        double[] regrets = [.. Enumerable.Range(0, 5).Select(seed => new SingleStageSearch(space, 40)
        {
            Sampler = new GaussianProcessSampler(),
            Seed = (ulong)seed,
            Window = window,
            Direction = SearchDirection.Minimize,
        }.Run((trial, _, _) => new(Branin(trial))).Best!.Score).Order()];
        Assert.True(regrets[2] < 0.05, string.Join(", ", regrets));

        static double Branin(Trial trial)
        {
            double x = trial.Value("x"), valley = trial.Value("y") - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6;
            return (valley * valley) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10 - 0.39788735772973816;
        }
    }

    /// <summary>Squares of such scores are beyond the range of a double.</summary>
    [Theory]
    [InlineData(660)]
    [InlineData(1000)]
    [InlineData(-660)]
    public void GaussianProcessSampler_points_do_not_depend_on_the_unit_of_the_scores(int exponent)
    {
        var search = new SingleStageSearch(Searches.Space, 20) { Sampler = new GaussianProcessSampler { FirstTrials = 5 }, Window = 1 };
        SearchPoint[] Points(int power) =>
            [.. search.Run((trial, _, _) => new(Math.ScaleB(Searches.Objective(trial, null!, default).Score, power)))
                .Ranked.Select(result => result.Trial.Point)];
        Assert.Equal(Points(0), Points(exponent));
    }

    [Fact]
    public void GaussianProcessSampler_equal_scores_and_failures_do_no_harm()
    {
        var search = new SingleStageSearch(Searches.Space, 20) { Sampler = new GaussianProcessSampler { FirstTrials = 3 }, Window = 1 };
        SearchResult equal = search.Run((_, _, _) => new(1));
        Assert.Equal(20, equal.Ranked.Select(trial => trial.Trial.Point).Distinct().Count());
        SearchResult wild = search.Run((trial, _, _) => new(trial.Number % 3 == 0 ? double.NaN : trial.Number % 3 == 1 ? 1e300 : -1e300));
        Assert.Equal(20, wild.Ranked.Count);
    }
}
