using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Search.Samplers;

/// <summary>The contract of samplers. A new one joins by a row of <see cref="All"/>.</summary>
public class SamplerTests
{
    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Sampler> All { get; } = new()
    {
        ["random"] = new RandomSampler(),
        ["grid"] = new GridSampler(3),
        ["Latin hypercube"] = new LatinHypercubeSampler(4),
        ["Sobol"] = new SobolSampler(),
        ["TPE"] = new TpeSampler { RandomTrials = 1 },
        ["CMA-ES"] = new CmaEsSampler { Population = 4 },
        ["NSGA-II"] = new NsgaSampler { Population = 4 },
        ["Gaussian process"] = new GaussianProcessSampler { FirstTrials = 2, Candidates = 30 },
        ["enqueued"] = new EnqueuedSampler(new RandomSampler(), Searches.Space.Point(dimension => dimension.At(0.3))),
        ["warm start"] = new WarmStartSampler(
            new TpeSampler { RandomTrials = 1 }, new SingleStageSearch(Searches.Space, 15) { Seed = 99 }.Run(Searches.Objective).Ranked),
        ["a stranger's"] = new NearTheBest(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Sampler_keeps_the_contract(string name) => SamplerContract.Check(All[name]).ThrowIfFailed();

    [Theory]
    [MemberData(nameof(Names))]
    public void Sampler_trial_is_a_function_of_seed_stage_and_number(string name)
    {
        Sampler sampler = All[name];
        Trial[] few = Trials(sampler, 4, 1), many = Trials(sampler, 9, 1);
        Assert.Equal(few, many.Take(4));
        Assert.All(many, trial => Assert.True(Searches.Space.Contains(trial.Point)));
        Assert.Equal(9, many.Select(trial => trial.Point).Distinct().Count());
        Assert.Equal(9, many.Select(trial => trial.Seed).Distinct().Count());
        Assert.Empty(many.Select(trial => trial.Seed).Intersect(Trials(sampler, 9, 2).Select(trial => trial.Seed)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sampler_is_a_value_with_a_description_of_its_own(string name)
    {
        Assert.Equal(All[name], All[name] with { });
        Assert.Single(All.Values, other => other.Description == All[name].Description);
    }

    [Property(MaxTest = 100)]
    public Property RandomSampler_points_are_within_the_space_and_differ_with_seed_stage_and_number() => Prop.ForAll(
        (from seed in Gen.Choose(0, 1000)
         from stage in Gen.Choose(0, 9)
         from number in Gen.Choose(0, 9999)
         select (seed, stage, number)).ToArbitrary(),
        test =>
        {
            SearchPoint point = Sample(test.seed, test.stage, test.number);
            Assert.True(Searches.Space.Contains(point));
            Assert.Equal(point, Sample(test.seed, test.stage, test.number));
            Assert.NotEqual(point, Sample(test.seed + 1, test.stage, test.number));
            Assert.NotEqual(point, Sample(test.seed, test.stage + 1, test.number));
            Assert.NotEqual(point, Sample(test.seed, test.stage, test.number + 1));
        });

    [Fact]
    public void RandomSampler_new_dimension_changes_no_value_of_the_others()
    {
        var one = new SearchSpace(Searches.Space["hidden"], Searches.Space["momentum"]);
        SampleRequest request = Request(5, 0, 3);
        Assert.Equal(Sample(5, 0, 3)["hidden"], new RandomSampler().Sample(request with { Space = one })["hidden"]);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(1)]
    [InlineData(1000)]
    public void RandomSampler_each_of_finitely_many_points_comes_once_before_any_comes_again(int count)
    {
        var space = new SearchSpace(
            new IntegerDimension("x", 1, count / (count % 4 == 0 ? 4 : 1)),
            new OrderedDimension("y", [.. count % 4 == 0 ? new ParameterValue[] { 1, 2, 3, 4 } : [1]]));
        SearchPoint[] points =
            [.. Enumerable.Range(0, 2 * count).Select(i => new RandomSampler().Sample(Request(1, 0, i) with { Space = space }))];
        Assert.Equal(count, points.Take(count).Distinct().Count());
        Assert.Equal(count, points.Skip(count).Distinct().Count());
        if (count > 10)
        {
            Assert.NotEqual(points.Take(count), points.Skip(count));
            Assert.NotEqual(points[0], new RandomSampler().Sample(Request(2, 0, 0) with { Space = space }));
        }
    }

    [Fact]
    public void RandomSampler_values_of_different_dimensions_are_independent()
    {
        var space = new SearchSpace(new UniformDimension("x", 0, 1), new UniformDimension("y", 0, 1));
        SearchPoint[] points =
        [
            .. Enumerable.Range(0, 2000).Select(i => new RandomSampler().Sample(Request(1, 0, i) with { Space = space })),
        ];
        double covariance = points.Average(point => (point.Number("x") - 0.5) * (point.Number("y") - 0.5));
        Assert.True(Math.Abs(12 * covariance) < 3 / Math.Sqrt(2000), $"The correlation is {12 * covariance}.");
    }

    [Fact]
    public void RandomSampler_values_are_the_same_bits_on_every_machine()
    {
        SearchPoint point = Trials(new RandomSampler(), 8, 42)[7].Point;
        Assert.Equal(point, Sample(42, 0, 7));
        Assert.Equal(
            "lambda = 0.008296903647020473, momentum = 0.9753856674465842, hidden = 63, activation = relu",
            point.ToString());
    }

    [Fact]
    public void GridSampler_has_every_combination_once()
    {
        var space = new SearchSpace(
            new LogUniformDimension("x", 1e-4, 1), new IntegerDimension("n", 1, 2), new CategoricalDimension("c", "a", "b", "c", "d"));
        var sampler = new GridSampler(3);
        Assert.Equal(3 * 2 * 4, sampler.MaximumTrials(space));
        SearchPoint[] points = [.. Enumerable.Range(0, 24).Select(i => sampler.Sample(Request(0, 0, i) with { Space = space }))];
        Assert.Equal(24, points.Distinct().Count());
        Assert.Equal("x = 0.0001, n = 1, c = a", points[0].ToString());
        Assert.Equal("x = 0.0001, n = 1, c = b", points[1].ToString());
        Assert.Equal("x = 1, n = 2, c = d", points[^1].ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Sample(Request(0, 0, 24) with { Space = space }));
        var search = new SingleStageSearch(space, 25) { Sampler = sampler };
        Assert.Contains("24", Assert.Throws<ArgumentOutOfRangeException>(() => search.Run((_, _, _) => new(1))).Message);
    }

    [Fact]
    public void Sampler_point_outside_the_space_stops_the_search_and_names_the_sampler()
    {
        var search = new SingleStageSearch(Searches.Space, 2) { Sampler = new Astray() };
        Assert.Contains("astray", Assert.Throws<InvalidOperationException>(() => search.Run(Searches.Objective)).Message);
    }

    [Fact]
    public void GridSampler_conditional_space_has_every_point_once_and_no_other()
    {
        var space = new SearchSpace(
            new CategoricalDimension("optimizer", "sgd", "adam"),
            new UniformDimension("momentum", 0, 0.9).When("optimizer", "sgd"),
            new IntegerDimension("steps", 1, 2).When("momentum", 0.9),
            new UniformDimension("rate", 0, 1));
        var sampler = new GridSampler(3);
        int size = sampler.MaximumTrials(space);

        // Of the three momenta of sgd one has two steps; each of these and adam has three rates.
        Assert.Equal((2 + 2 + 1) * 3, size);
        SearchPoint[] points = [.. Enumerable.Range(0, size).Select(i => sampler.Sample(Request(0, 0, i) with { Space = space }))];
        Assert.Equal(size, points.Distinct().Count());
        Assert.All(points, point => Assert.True(space.Contains(point)));
    }

    private static SampleRequest Request(int seed, int stage, int number) =>
        new(Searches.Space, RandomKey.FromSeed((ulong)seed).Derive("search").Derive(stage), stage, number);

    private static SearchPoint Sample(int seed, int stage, int number) => new RandomSampler().Sample(Request(seed, stage, number));

    private static Trial[] Trials(Sampler sampler, int count, ulong seed)
    {
        var search = new SingleStageSearch(Searches.Space, count) { Sampler = sampler, Seed = seed, Window = 2 };
        return [.. search.Run(Searches.Objective).Stages[0].Results.Select(result => result.Trial)];
    }

    /// <summary>Learns from stage to stage: near the best trial so far.</summary>
    private sealed record NearTheBest : Sampler
    {
        public override string Description => "near the best";

        public override SearchPoint Sample(SampleRequest request)
        {
            TrialResult? best = new TrialRanking(SearchDirection.Maximize).Rank(request.EarlierStages).FirstOrDefault();
            return request.Space.Point(dimension =>
            {
                double random = request.Key.Derive(dimension.Name).Open().NextUniform();
                return dimension.At(best is null ? random : (dimension.PositionOf(best.Trial.Point[dimension.Name]) + (random / 10)) / 1.1);
            });
        }
    }

    private sealed record Astray : Sampler
    {
        public override string Description => "astray";

        public override SearchPoint Sample(SampleRequest request) => new(new NamedValue("lambda", new(1)));
    }
}
