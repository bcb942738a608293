using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search;

public class HyperbandSearchTests
{
    [Fact]
    public void HyperbandSearch_stages_are_those_of_the_paper()
    {
        var search = new HyperbandSearch(Searches.Space, 81);
        SearchResult result = search.Run(Searches.Objective);
        (int Trials, int Budget)[] expected =
        [
            (81, 1), (27, 3), (9, 9), (3, 27), (1, 81), (34, 3), (11, 9), (3, 27), (1, 81), (15, 9), (5, 27), (1, 81), (8, 27), (2, 81),
            (5, 81),
        ];
        Assert.Equal(expected, result.Stages.Select(stage => (stage.Results.Count, stage.Budget)));
        Assert.Equal(search.TotalTrials, result.Ranked.Count);
        Assert.Equal(81, result.Best!.Trial.Budget);

        // What is kept are the best, with their numbers, seeds and points.
        IEnumerable<int> best = result.Stages[0].Ranked.Take(27).Select(trial => trial.Trial.Number).Order();
        Assert.Equal(best, result.Stages[1].Results.Select(trial => trial.Trial.Number));
        Assert.All(result.Stages[1].Results, trial => Assert.Equal(
            trial.Trial with { Stage = 0, Budget = 1 }, result.Stages[0].Results[trial.Trial.Number].Trial));
    }

    [Fact]
    public void HyperbandSearch_results_do_not_depend_on_threads_and_failures_end_a_bracket()
    {
        var search = new HyperbandSearch(Searches.Space, 20, 3, 2) { Seed = 3, Sampler = new TpeSampler { RandomTrials = 3 } };
        Assert.Equal(3, search.Brackets);
        SearchResult expected = search.Run(Searches.Restless, new() { Executor = new InlineExecutor() }).Timeless();
        Assert.Equal(expected, search.Run(Searches.Restless, new() { Executor = new ThreadExecutor(4) }).Timeless());
        SearchResult failed = search.Run((trial, _, _) => trial.Budget == 2 ? throw new InvalidOperationException() : new(trial.Number));
        Assert.Equal([2, 6, 20, 20], failed.Stages.Select(stage => stage.Budget));
    }

    [Fact]
    public void HyperbandSearch_impossible_options_are_refused_before_anything_is_run()
    {
        Assert.Throws<ArgumentOutOfRangeException>("budget", () => new HyperbandSearch(Searches.Space, 0));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => new HyperbandSearch(Searches.Space, 9, 1));
        Assert.Throws<ArgumentOutOfRangeException>("smallestBudget", () => new HyperbandSearch(Searches.Space, 9, 3, 10));
        var search = new HyperbandSearch(Searches.Space, 81) { Sampler = new GridSampler(2) };
        Assert.Throws<ArgumentOutOfRangeException>(() => search.Run((_, _, _) => throw new InvalidTimeZoneException()));
    }
}
