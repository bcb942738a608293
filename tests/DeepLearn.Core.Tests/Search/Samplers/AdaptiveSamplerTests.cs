using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Samplers;

/// <summary>Samplers that learn from the trials of their own stage.</summary>
public class AdaptiveSamplerTests
{
    private static readonly SearchSpace Mixed = new(
        new CategoricalDimension("kind", "a", "b", "c"),
        new UniformDimension("x", -1, 1),
        new LogUniformDimension("y", 1e-4, 1),
        new IntegerDimension("n", 1, 9).When("kind", "a", "b"),
        new UniformDimension("z", 0, 1).When("n", 7, 8, 9));

    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Sampler> All { get; } = new()
    {
        ["TPE"] = new TpeSampler { RandomTrials = 3 },
        ["CMA-ES"] = new CmaEsSampler { Population = 4 },
        ["NSGA-II"] = new NsgaSampler { Population = 5 },
        ["Gaussian process"] = new GaussianProcessSampler { FirstTrials = 4, Candidates = 30, MostTrials = 16 },
        ["warm TPE"] = new WarmStartSampler(
            new TpeSampler(), new SingleStageSearch(Mixed, 15) { Seed = 77 }.Run(Objective).Ranked),
        ["enqueued TPE"] = new EnqueuedSampler(new TpeSampler { RandomTrials = 3 }, Mixed.Point(dimension => dimension.At(0.9))),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Sampler_that_learns_gives_the_same_results_for_any_executor_and_after_interruption(string name)
    {
        var search = new SingleStageSearch(Mixed, 30) { Sampler = All[name], Window = 3, Seed = 4 };
        SearchResult expected = search.Run(Objective, new() { Executor = new InlineExecutor() }).Timeless();
        Assert.All(expected.Ranked, trial => Assert.True(Mixed.Contains(trial.Trial.Point)));
        Assert.Equal(expected, search.Run(Objective, new() { Executor = new InlineExecutor(3) }).Timeless());
        Assert.Equal(expected, search.Run(Objective, new() { Executor = new ThreadExecutor(4) }).Timeless());
        var store = new MemoryTrialStore();
        for (int stop = 5; stop < 30; stop += 5)
        {
            using var cancellation = new CancellationTokenSource();
            var progress = Searches.Progress<SearchProgress>(p =>
            {
                if (p.Kind == SearchProgressKind.Finished && p.FinishedTrials >= stop)
                    cancellation.Cancel();
            });
            var options = new SearchRunOptions { Store = store, Progress = progress, Executor = new InlineExecutor() };
            Assert.Throws<SearchCanceledException>(() => search.Run(Objective, options, cancellation.Token));
        }
        Assert.Equal(expected, search.Run(Objective, new() { Store = store, Executor = new ThreadExecutor(2) }).Timeless());
    }

    [Theory]
    [InlineData("TPE", SearchDirection.Minimize)]
    [InlineData("TPE", SearchDirection.Maximize)]
    [InlineData("CMA-ES", SearchDirection.Minimize)]
    [InlineData("CMA-ES", SearchDirection.Maximize)]
    public void Sampler_that_learns_finds_far_better_points_than_random_ones(string name, SearchDirection direction)
    {
        Sampler sampler = name == "TPE" ? new TpeSampler() : new CmaEsSampler();
        var space = new SearchSpace([.. Enumerable.Range(0, 4).Select(i => (Dimension)new UniformDimension($"x{i}", -5, 10))]);
        Assert.True(MedianOfBest(sampler) < MedianOfBest(new RandomSampler()) / 3);

        double MedianOfBest(Sampler sampler) => Enumerable.Range(0, 9).Select(seed => BestOf(sampler, (ulong)seed)).Order().ElementAt(4);

        double BestOf(Sampler sampler, ulong seed)
        {
            var search = new SingleStageSearch(space, 80) { Sampler = sampler, Seed = seed, Window = 1, Direction = direction };
            double sign = direction == SearchDirection.Minimize ? 1 : -1;
            return Math.Abs(search.Run((trial, _, _) => new(sign * Valley(trial))).Best!.Score);
        }

        static double Valley(Trial trial)
        {
            double sum = 0;
            for (int i = 0; i < 3; i++)
            {
                double x = trial.Value($"x{i}"), next = trial.Value($"x{i + 1}");
                sum += (10 * (next - x) * (next - x)) + ((1 - x) * (1 - x));
            }
            return sum;
        }
    }

    [Fact]
    public void TpeSampler_learns_which_choice_and_which_conditional_value_are_good()
    {
        SearchResult result = new SingleStageSearch(Mixed, 100) { Sampler = new TpeSampler(), Window = 1, Seed = 1 }.Run(Objective);
        TrialResult[] late = [.. result.Stages[0].Results.Skip(60)];
        Assert.True(late.Count(trial => trial.Trial.Choice("kind") == "b") > 24);
        Assert.True(late.Where(trial => trial.Trial.Choice("kind") == "b").Average(trial => Math.Abs(trial.Trial.Value("n") - 6)) < 1.5);
    }

    [Fact]
    public void TpeSampler_keeps_away_from_trials_under_way_where_there_are_choices()
    {
        string[] choices = ["a", "b", "c"];
        var space = new SearchSpace(new CategoricalDimension("kind", choices), new UniformDimension("x", 0, 1));
        TrialResult[] results =
        [
            .. Enumerable.Range(0, 30).Select(i => new TrialResult(
                new Trial(0, i, 1, 0, Point(choices[i % 3], i / 30.0)), TrialState.Completed,
                i % 3 == 1 ? -Math.Abs((i / 30.0) - 0.5) : -1)),
        ];
        SearchPoint[] best = [.. Enumerable.Repeat(Point("b", 0.5), 20)];
        double alone = MeanDistance([]), beside = MeanDistance(best);
        Assert.True(beside > alone, $"{beside} beside trials under way, {alone} without");

        static SearchPoint Point(string kind, double x) => new(new NamedValue("kind", new(kind)), new NamedValue("x", new(x)));

        double MeanDistance(SearchPoint[] pending) => Enumerable.Range(0, 50).Average(seed => Math.Abs(new TpeSampler().Sample(
            new(space, RandomKey.FromSeed((ulong)seed), 0, 50) { History = new(results), Pending = pending })["x"].Number - 0.5));
    }

    [Fact]
    public void Sampler_of_a_search_with_a_window_is_told_the_points_of_the_trials_whose_results_it_may_not_see()
    {
        var space = new SearchSpace(new UniformDimension("x", 0, 1));
        var search = new SingleStageSearch(space, trials: 12) { Sampler = new Counting(), Window = 4 };

        SearchResult result = search.Run((trial, _, _) => new(trial.Point["x"].Number));

        // A trial sees the results of all but the four before it at most, and the points of those.
        Assert.All(result.Ranked, trial => Assert.Equal(Math.Min(trial.Trial.Number, 3) / 10.0, trial.Trial.Point["x"].Number));
    }

    /// <summary>Proposes how many trials are under way, in tenths.</summary>
    private sealed record Counting : Sampler
    {
        public override string Description => "counting";

        public override SearchPoint Sample(SampleRequest request) => new(new NamedValue("x", new(request.Pending.Count / 10.0)));
    }

    [Theory]
    [InlineData(10, 0, true)]
    [InlineData(9, 0, false)]
    [InlineData(9, 1, true)]
    [InlineData(5, 5, true)]
    [InlineData(4, 20, false)]
    public void TpeSampler_learns_once_its_random_trials_are_drawn_and_half_of_them_seen(int seen, int underWay, bool learns)
    {
        var space = new SearchSpace(new UniformDimension("x", 0, 1), new UniformDimension("y", 0, 1));
        SearchPoint[] points =
            [.. Enumerable.Range(0, seen + underWay).Select(i => new RandomSampler().Sample(new(space, RandomKey.FromSeed(9), 0, i)))];
        var request = new SampleRequest(space, RandomKey.FromSeed(1), 0, seen + underWay)
        {
            History = new([.. points.Take(seen).Select((point, i) => new TrialResult(new(0, i, 1, 0, point), TrialState.Completed, i))]),
            Pending = points[seen..],
        };
        Assert.Equal(!learns, new TpeSampler().Sample(request) == new RandomSampler().Sample(request));
    }

    [Fact]
    public void TpeSampler_points_under_way_are_not_asked_for_where_they_change_nothing()
    {
        var space = new SearchSpace(new UniformDimension("x", 0, 1), new UniformDimension("y", 0, 1));
        int asked = 0;
        var request = new SampleRequest(space, RandomKey.FromSeed(1), 0, 29)
        {
            History = new([.. Enumerable.Range(0, 20).Select(i => new TrialResult(
                new(0, i, 1, 0, new RandomSampler().Sample(new(space, RandomKey.FromSeed(9), 0, i))), TrialState.Completed, i))]),
            Pending = new PendingPoints(20, 29, _ =>
            {
                asked++;
                return space.Point(dimension => dimension.At(0.5));
            }),
        };
        new TpeSampler().Sample(request);
        Assert.Equal(0, asked);
    }

    [Fact]
    public void CmaEsSampler_learns_choices_and_conditional_values_too()
    {
        SearchResult result = new SingleStageSearch(Mixed, 100) { Sampler = new CmaEsSampler(), Window = 1, Seed = 1 }.Run(Objective);
        Assert.True(result.Stages[0].Results.Skip(60).Count(trial => trial.Trial.Choice("kind") == "b") > 24);
    }

    [Fact]
    public void TpeSampler_failed_trials_count_as_bad_ones()
    {
        var space = new SearchSpace(new UniformDimension("x", 0, 1));
        SearchResult result = new SingleStageSearch(space, 60) { Sampler = new TpeSampler(), Window = 1 }.Run(
            (trial, _, _) =>
                trial.Value("x") > 0.5 ? throw new InvalidOperationException("diverged") : new(-Math.Abs(trial.Value("x") - 0.2)));
        Assert.True(result.Stages[0].Results.Skip(30).Count(trial => trial.State == TrialState.Failed) < 5);
        Assert.True(result.Best!.Score > -0.02);
    }

    [Fact]
    public void CmaEsSampler_finds_the_bottom_of_a_bowl_to_many_digits_and_then_begins_elsewhere()
    {
        var space = new SearchSpace(new UniformDimension("x", 0, 1), new UniformDimension("y", 0, 1));
        SearchResult result =
            new SingleStageSearch(space, 700) { Sampler = new CmaEsSampler(), Window = 1, Direction = SearchDirection.Minimize }.Run(
            (trial, _, _) => new(Distance(trial)));
        Assert.True(result.Best!.Score < 1e-7, $"{result.Best.Score}");
        int best = result.Best.Trial.Number;
        Assert.Contains(result.Stages[0].Results.Skip(best + 1), trial => trial.Score > 0.1);

        static double Distance(Trial trial)
        {
            double x = trial.Value("x") - 0.3, y = trial.Value("y") - 0.8;
            return Math.Sqrt((100 * x * x) + (y * y) + (x * y));
        }
    }

    [Fact]
    public void EnqueuedSampler_gives_its_points_first_and_refuses_those_outside_the_space()
    {
        SearchPoint low = Mixed.Point(dimension => dimension.At(0)), high = Mixed.Point(dimension => dimension.At(1));
        var search = new SingleStageSearch(Mixed, 4) { Sampler = new EnqueuedSampler(new RandomSampler(), low, high), Seed = 3 };
        IReadOnlyList<TrialResult> results = search.Run(Objective).Stages[0].Results;
        Assert.Equal([low, high], results.Take(2).Select(trial => trial.Trial.Point));
        Assert.Equal(
            new SingleStageSearch(Mixed, 2) { Seed = 3 }.Run(Objective).Stages[0].Results.Select(trial => trial.Trial.Point),
            results.Skip(2).Select(trial => trial.Trial.Point));
        var astray = search with { Sampler = new EnqueuedSampler(new RandomSampler(), new SearchPoint(new NamedValue("kind", "d"))) };
        Assert.Throws<InvalidOperationException>(() => astray.Run(Objective));
    }

    [Fact]
    public void WarmStartSampler_begins_where_another_search_ended_and_refuses_what_does_not_fit()
    {
        var space = new SearchSpace(new UniformDimension("x", 0, 1), new UniformDimension("y", 0, 1));
        TrialOutcome Bowl(Trial trial, TrialContext context, CancellationToken token) =>
            new(-Math.Abs(trial.Value("x") - 0.3) - Math.Abs(trial.Value("y") - 0.8));
        SearchResult first = new SingleStageSearch(space, 60) { Sampler = new TpeSampler(), Window = 1, Seed = 1 }.Run(Bowl);
        var warm = new WarmStartSampler(new TpeSampler(), first.Ranked);
        Assert.Equal(warm, new WarmStartSampler(new TpeSampler(), first.Stages[0].Results));
        var search = new SingleStageSearch(space, 10) { Sampler = warm, Window = 1, Seed = 2 };
        double cold = (search with { Sampler = new TpeSampler() }).Run(Bowl).Ranked.Average(trial => trial.Score);
        Assert.True(search.Run(Bowl).Ranked.Average(trial => trial.Score) > cold / 3);

        // What it sees is what its own search would have seen.
        var request = new SampleRequest(space, RandomKey.FromSeed(3), 0, 3) { History = new(first.Stages[0].Results.Take(4)) };
        TrialResult[] all = [.. first.Stages[0].Results, .. request.History];
        Assert.Equal(new TpeSampler().Sample(request with { History = new(all) }), warm.Sample(request));
        Assert.NotEqual(warm.Description, new WarmStartSampler(new TpeSampler(), first.Ranked.Take(59)).Description);
        Assert.Throws<ArgumentException>("then", () => new WarmStartSampler(new RandomSampler(), first.Ranked));
        Assert.Throws<ArgumentException>("results", () => new WarmStartSampler(new TpeSampler(), []));
        var narrow = new SingleStageSearch(space.With(new UniformDimension("x", 0, 0.1)), 3) { Sampler = warm };
        Assert.Contains("x = ", Assert.Throws<InvalidOperationException>(() => narrow.Run(Bowl)).Message);
    }

    [Fact]
    public void Sampler_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeSampler { RandomTrials = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeSampler { Candidates = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeSampler { GoodFraction = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CmaEsSampler { Population = 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CmaEsSampler { StandardDeviation = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NsgaSampler { Population = 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NsgaSampler { CrossoverProbability = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NsgaSampler { Nearness = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessSampler { FirstTrials = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessSampler { Candidates = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessSampler { MostTrials = 3 });
        Assert.Throws<ArgumentOutOfRangeException>("points", () => new LatinHypercubeSampler(0));
        Assert.Throws<ArgumentException>("points", () => new EnqueuedSampler(new RandomSampler()));
    }

    private static TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken cancellationToken)
    {
        double x = trial.Value("x"), n = trial.Point.Find("n")?.Number ?? 0;
        if (trial.Seed % 7 == 0)
            throw new InvalidOperationException("no luck");
        return new(-(x * x) - (0.1 * Math.Abs(n - 6)) + (trial.Choice("kind") == "b" ? 1 : 0) - (trial.Point.Find("z")?.Number ?? 0));
    }
}
