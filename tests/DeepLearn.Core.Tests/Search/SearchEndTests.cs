using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search;

public class SearchEndTests
{
    private static readonly SingleStageSearch Search = new(Searches.Space, 40) { Seed = 5 };

    [Theory]
    [InlineData(SearchDirection.Maximize)]
    [InlineData(SearchDirection.Minimize)]
    public void Search_target_ends_it_with_the_first_trial_by_number_that_reaches_it(SearchDirection direction)
    {
        HyperparameterSearch search = Search with { Direction = direction };
        double sign = direction == SearchDirection.Maximize ? 1 : -1;
        TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken token)
        {
            // Later trials end sooner.
            Thread.Sleep(Math.Max(0, 8 - trial.Number));
            return new(sign * (trial.Number >= 9 ? 2 : trial.Number == 6 ? 1 : 0));
        }
        foreach (TrialExecutor executor in new TrialExecutor[] { new InlineExecutor(), InlineExecutor.Backwards, new ThreadExecutor(4) })
        {
            SearchResult result = search.Run(Objective, new() { Executor = executor, Target = sign * 1 });
            Assert.Equal(SearchEnd.TargetReached, result.End);
            Assert.Equal(Enumerable.Range(0, 7), result.Stages[0].Results.Select(trial => trial.Trial.Number));
            Assert.Equal(6, result.Best!.Trial.Number);
        }
        Assert.Equal(SearchEnd.AllTrials, search.Run(Objective, new() { Target = sign * 3 }).End);
    }

    [Fact]
    public void Search_target_ends_all_stages_and_the_search_goes_on_from_its_store_without_it()
    {
        CoarseToFineSearch search = Searches.TwoStages(5);
        SearchResult whole = search.Run(Searches.Objective).Timeless();
        double target = whole.Stages[0].Results.Max(trial => trial.Score);
        var store = new MemoryTrialStore();
        SearchResult part = search.Run(Searches.Objective, new() { Store = store, Target = target, Executor = new ThreadExecutor(3) });
        Assert.Single(part.Stages);
        Assert.Equal(target, part.Best!.Score);
        Assert.Equal(part.Timeless().Ranked, search.Run(Searches.Objective, new() { Store = store, Target = target }).Timeless().Ranked);
        Assert.Equal(whole, search.Run(Searches.Objective, new() { Store = store }).Timeless());
    }

    [Fact]
    public void Search_without_improvement_over_some_trials_ends()
    {
        double[] scores = [1, 2, double.NaN, 2, 3, 3, 3, 0, 3, 9];
        SearchResult result = Search.Run(
            (trial, _, _) => new(scores[trial.Number]), new() { TrialsWithoutImprovement = 4, Executor = new ThreadExecutor(4) });
        Assert.Equal(SearchEnd.NoImprovement, result.End);
        Assert.Equal(9, result.Ranked.Count);
        Assert.Equal(4, result.Best!.Trial.Number);
    }

    [Fact]
    public void Search_improvement_is_counted_anew_on_another_budget()
    {
        CoarseToFineSearch search = Searches.TwoStages(5);
        SearchResult result = search.Run((trial, _, _) => new(-trial.Budget - trial.Number), new() { TrialsWithoutImprovement = 5 });
        Assert.Equal((SearchEnd.NoImprovement, 11), (result.End, result.Ranked.Count));
        Assert.Equal(
            (SearchEnd.AllTrials, 11),
            search.Run((trial, _, _) => new(-trial.Budget - trial.Number), new() { TrialsWithoutImprovement = 6 }) is var all
                ? (all.End, all.Ranked.Count) : default);
    }

    [Fact]
    public void Search_time_limit_lets_the_trials_under_way_end_and_leaves_no_gap()
    {
        var store = new MemoryTrialStore();
        var options = new SearchRunOptions { Store = store, TimeLimit = TimeSpan.FromMilliseconds(60), Executor = new ThreadExecutor(3) };
        HyperparameterSearch search = Search with { Sampler = new TpeSampler { RandomTrials = 3 }, Window = 3 };
        SearchResult part = search.Run(
            (trial, context, token) =>
            {
                Assert.False(token.WaitHandle.WaitOne(trial.Number < 6 ? 1 : 100));
                return Searches.Objective(trial, context, token);
            },
            options);
        Assert.Equal(SearchEnd.TimeLimit, part.End);
        Assert.InRange(part.Ranked.Count, 1, 39);
        Assert.Equal(Enumerable.Range(0, part.Ranked.Count), part.Stages[0].Results.Select(trial => trial.Trial.Number));
        Assert.Equal(part.Ranked.Count, store.Trials.Count);
        SearchResult expected = search.Run(Searches.Objective).Timeless();
        Assert.Equal(expected, search.Run(Searches.Objective, new() { Store = store }).Timeless());
    }

    [Fact]
    public void SearchRunOptions_impossible_ends_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { Target = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { TrialsWithoutImprovement = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { TimeLimit = TimeSpan.Zero });
    }
}
