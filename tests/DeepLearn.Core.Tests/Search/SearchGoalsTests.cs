using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search;

/// <summary>Several objectives, and bounds.</summary>
public class SearchGoalsTests
{
    private static readonly SearchSpace Cube =
        new([.. Enumerable.Range(0, 6).Select(i => (Dimension)new UniformDimension($"x{i}", 0, 1))]);

    [Fact]
    public void SearchResult_front_is_what_no_other_trial_dominates()
    {
        (double Score, double Cost, double Size)[] outcomes = [(1, 1, 0), (2, 2, 0), (2, 3, 0), (3, 3, 9), (0, 0, 0), (2, 2, 0), (1, 5, 0)];
        var search = new SingleStageSearch(Cube, 7)
        {
            Objectives = [new SearchObjective("cost", SearchDirection.Minimize)],
            Constraints = [new SearchConstraint("size", 8)],
        };
        SearchResult result = search.Run((trial, _, _) => Outcome(outcomes[trial.Number]));

        // 3 breaks the bound; 2 and 6 are dominated; 1 and 5 are equal.
        Assert.Equal([1, 5, 0, 4], result.ParetoFront.Select(trial => trial.Trial.Number));
        Assert.Equal(1, result.Best!.Trial.Number);
        Assert.Equal(1, result.Stages[0].Best!.Trial.Number);
        Assert.Equal([1, 2, 5, 0, 6, 4, 3], result.Ranked.Select(trial => trial.Trial.Number));
        SearchResult bounded = (search with { Constraints = [new SearchConstraint("size", -1)] }).Run(
            (trial, _, _) => Outcome(outcomes[trial.Number]));
        Assert.Empty(bounded.ParetoFront);
        Assert.Null(bounded.Best);
        Assert.Equal(3, bounded.Ranked[^1].Trial.Number);

        static TrialOutcome Outcome((double Score, double Cost, double Size) outcome) =>
            new(outcome.Score) { Metrics = [new("cost", outcome.Cost), new("size", outcome.Size)] };
    }

    [Fact]
    public void SearchGoals_domination_is_that_of_the_paper()
    {
        var goals = new SearchGoals(SearchDirection.Minimize)
        {
            Objectives = [new SearchObjective("b", SearchDirection.Maximize)],
            Constraints = [new SearchConstraint("c", 1)],
        };
        TrialResult good = Of(1, 5, 0), better = Of(1, 6, 1), elsewhere = Of(0, 4, 0), breaks = Of(0, 9, 2), breaksMore = Of(-9, 9, 3);
        TrialResult failed = good with { State = TrialState.Failed }, other = failed with { Score = 0 };
        (TrialResult, TrialResult)[] dominations =
        [
            (better, good), (good, breaks), (better, breaks), (elsewhere, breaks), (breaks, breaksMore), (good, breaksMore),
            (better, breaksMore), (elsewhere, breaksMore), (good, failed), (breaksMore, failed), (better, failed), (elsewhere, failed),
            (breaks, failed), (good, other), (breaksMore, other), (better, other), (elsewhere, other), (breaks, other),
        ];
        TrialResult[] all = [good, better, elsewhere, breaks, breaksMore, failed, other];
        foreach (TrialResult one in all)
        {
            foreach (TrialResult two in all)
                Assert.Equal(dominations.Contains((one, two)), goals.Dominates(one, two));
        }

        static TrialResult Of(double score, double b, double c) =>
            new(new(0, 0, 1, 0, new()), TrialState.Completed, score) { Metrics = [new("b", b), new("c", c)] };
    }

    [Fact]
    public void Search_completed_trial_without_the_metric_of_a_goal_fails_and_is_told_so()
    {
        var search = new SingleStageSearch(Cube, 4)
        {
            Objectives = [new SearchObjective("cost", SearchDirection.Minimize)],
            Constraints = [new SearchConstraint("size", 8)],
        };
        SearchResult result = search.Run((trial, _, _) => new(1)
        {
            Metrics = trial.Number switch
            {
                0 => [new("size", 1)],
                1 => [new("size", 1), new("cost", double.NaN)],
                2 => [new("cost", 1)],
                _ => [new("size", 1), new("cost", 1)],
            },
        });
        Assert.Contains("\"minimize cost\"; expected the metric \"cost\", a finite number, found none", result.Stages[0].Results[0].Error);
        Assert.Contains("found NaN", result.Stages[0].Results[1].Error);
        Assert.Contains("\"size at most 8\"; expected the metric \"size\", a number, found none", result.Stages[0].Results[2].Error);
        Assert.Equal(3, result.Best!.Trial.Number);
    }

    [Fact]
    public void Search_goals_are_part_of_its_identity_where_there_are_some()
    {
        var search = new SingleStageSearch(Cube, 4);
        Assert.Null(search.Identity().ValueOf("objectives"));
        var goals = search with { Objectives = [new("cost", SearchDirection.Minimize)], Constraints = [new("size", 0.5)] };
        Assert.Equal("minimize cost", goals.Identity().ValueOf("objectives"));
        Assert.Equal("size at most 0.5", goals.Identity().ValueOf("constraints"));
        var store = new MemoryTrialStore();
        search.Run((_, _, _) => new(1), new() { Store = store });
        Assert.Throws<IdentityMismatchException>(() => goals.Run((_, _, _) => new(1), new() { Store = store }));
    }

    [Fact]
    public void NsgaSampler_front_covers_far_more_than_random_points_do()
    {
        // The front of ZDT1 (Zitzler, Deb and Thiele, 2000) is b = 1 - sqrt(a), and covers 2/3 below (1, 1).
        var search = new SingleStageSearch(Cube, 400)
        {
            Direction = SearchDirection.Minimize,
            Objectives = [new SearchObjective("b", SearchDirection.Minimize)],
            Sampler = new NsgaSampler { Population = 20 },
            Window = 1,
        };
        double nsga = Median(search), random = Median(search with { Sampler = new RandomSampler() });
        Assert.True(nsga > 0.4 && random < 0.1, $"NSGA-II {nsga}, random {random}");

        static double Median(SingleStageSearch search) => Enumerable.Range(0, 5).Select(seed =>
        {
            double area = 0, edge = 1;
            foreach (TrialResult result in (search with { Seed = (ulong)seed }).Run(Zdt1).ParetoFront.Reverse())
            {
                // From the largest a down: each adds what lies below it and above none before.
                double a = result.Score, b = result.Metric("b")!.Value;
                if (a < edge && b < 1)
                    (area, edge) = (area + ((edge - a) * (1 - b)), a);
            }
            return area;
        }).Order().ElementAt(2);
    }

    [Theory]
    [InlineData("NSGA-II")]
    [InlineData("TPE")]
    [InlineData("CMA-ES")]
    public void Sampler_that_learns_keeps_to_a_bound(string name)
    {
        Sampler sampler = name switch
        {
            "NSGA-II" => new NsgaSampler { Population = 12 },
            "TPE" => new TpeSampler(),
            _ => new CmaEsSampler(),
        };
        var search = new SingleStageSearch(Cube, 150)
        {
            Direction = SearchDirection.Minimize,
            Constraints = [new SearchConstraint("missing", 0)],
            Sampler = sampler,
            Window = 1,
            Seed = 3,
        };
        SearchResult result = search.Run((trial, _, _) => Sum(trial));
        IEnumerable<TrialResult> early = result.Stages[0].Results.Take(50), late = result.Stages[0].Results.Skip(100);
        Assert.True(late.Count(search.Goals.AreKeptBy) > early.Count(search.Goals.AreKeptBy));
        Assert.True(search.Goals.AreKeptBy(result.Best!));
        Assert.True(result.Best!.Score < 4.5, $"{result.Best.Score}");
        Assert.Equal(
            result.Timeless(), search.Run((trial, _, _) => Sum(trial), new() { Executor = new ThreadExecutor(3) }).Timeless());

        // The lowest sum that is at least 4, so that the best is at the bound; of random ones one in thirteen is.
        static TrialOutcome Sum(Trial trial)
        {
            double sum = trial.Point.Parameters.Sum(parameter => parameter.Value.Number);
            return new(sum) { Metrics = [new("missing", 4 - sum)] };
        }
    }

    [Fact]
    public void SearchGoals_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentException>("metric", () => new SearchObjective("", SearchDirection.Minimize));
        Assert.Throws<ArgumentOutOfRangeException>("atMost", () => new SearchConstraint("size", double.PositiveInfinity));
        SearchObjective cost = new("cost", SearchDirection.Minimize);
        Assert.Throws<ArgumentException>(() => new SingleStageSearch(Cube, 1) { Objectives = [cost, cost] });
        Assert.Throws<ArgumentException>(() => new SearchGoals { Constraints = [new("a", 1), new("a", 2)] });
    }

    private static TrialOutcome Zdt1(Trial trial, TrialContext context, CancellationToken token)
    {
        double a = trial.Value("x0"), g = 1 + (9 * Enumerable.Range(1, 5).Average(i => trial.Value($"x{i}")));
        return new(a) { Metrics = [new("b", g * (1 - Math.Sqrt(a / g)))] };
    }
}
