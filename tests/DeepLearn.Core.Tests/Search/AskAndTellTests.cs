using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search;

public class AskAndTellTests
{
    private static readonly SingleStageSearch Search =
        new(Searches.Space, 25) { Sampler = new TpeSampler { RandomTrials = 3 }, Window = 3, Seed = 4 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AskAndTell_gives_the_trials_of_the_search_in_whatever_order_they_are_told(int atOnce)
    {
        SearchResult expected = Search.Run(Searches.Objective).Timeless();
        using var study = new AskAndTell(Search);
        bool isOver = false;
        while (!isOver || study.UnderWay.Count > 0)
        {
            while (study.UnderWay.Count < atOnce && !isOver)
                isOver = study.Ask() is null;
            foreach (Trial trial in study.UnderWay.Reverse())
                study.Tell(trial, Searches.Objective(trial, new(), default));
        }
        Assert.Equal(expected, study.Result.Timeless());
    }

    [Fact]
    public void AskAndTell_trial_that_depends_on_one_under_way_is_refused_by_name()
    {
        using var study = new AskAndTell(Search);
        Trial[] trials = [.. Enumerable.Range(0, 3).Select(_ => study.Ask()!)];
        study.Tell(trials[1], 1);
        string message = Assert.Throws<InvalidOperationException>(() => study.Ask()).Message;
        Assert.Contains("Trial 3 follows from the results of trials 0 to 0", message);
        Assert.Contains("found trial 0 under way", message);
        study.Tell(trials[0], 1);
        Assert.Equal(3, study.Ask()!.Number);
    }

    [Fact]
    public void AskAndTell_goes_on_from_the_store_of_a_search_and_a_search_from_its()
    {
        SearchResult expected = Search.Run(Searches.Objective).Timeless();
        var store = new MemoryTrialStore();
        for (int part = 0; part < 4; part++)
        {
            using (var study = new AskAndTell(Search, store))
            {
                for (int i = 0; i < 4; i++)
                    study.Tell(study.Ask()!, Searches.Objective(study.UnderWay[0], new(), default));

                // Not told: it is abandoned, and given again.
                Trial left = study.Ask()!;
                Assert.Equal((6 * part) + 4, left.Number);
            }
            Assert.Throws<InvalidOperationException>(
                () => Search.Run(Searches.Objective, new() { Store = store, Executor = new Few(2) }));
        }
        using var last = new AskAndTell(Search, store);
        while (last.Ask() is { } trial)
            last.Tell(trial, Searches.Objective(trial, new(), default));
        Assert.Equal(expected, last.Result.Timeless());
        var other = new MemoryTrialStore();
        new AskAndTell(Search, other).Dispose();
        Assert.Throws<IdentityMismatchException>(() => new AskAndTell(Search with { Seed = 9 }, other));
    }

    [Fact]
    public void AskAndTell_reports_prune_and_failures_and_abandoned_trials_are_kept_as_such()
    {
        using var study = new AskAndTell(Search with { Pruner = new ThresholdPruner(lowest: 0) });
        Trial pruned = study.Ask()!, failed = study.Ask()!, abandoned = study.Ask()!;
        Assert.True(study.Report(pruned, 1, 1));
        Assert.False(study.Report(pruned, 2, -1));
        Assert.Equal(TrialState.Pruned, study.Tell(pruned, -1).State);
        Assert.Equal([new(1, 1), new(2, -1)], study.Result.Ranked[0].Reports);
        Assert.Equal("it broke", study.TellFailed(failed, "it broke").Error);
        study.Abandon(abandoned);
        Assert.Equal(abandoned, study.Ask());
        Assert.Equal(TrialState.Failed, study.Tell(abandoned, double.NaN).State);
        Assert.Throws<ArgumentException>("trial", () => study.Tell(abandoned, 1));
        Assert.Throws<ArgumentException>("trial", () => study.Tell(study.Ask()! with { Seed = 1 }, 1));
        study.Dispose();
        Assert.Throws<ObjectDisposedException>(() => study.Ask());
    }

    [Fact]
    public void AskAndTell_trial_in_which_the_process_ended_too_often_is_not_given_again()
    {
        var store = new MemoryTrialStore();
        Trial poison = Search.Run(Searches.Objective).Stages[0].Results[0].Trial;
        for (int i = 0; i < 3; i++)
        {
            using TrialLog log = store.Open(Search.Identity());
            log.Start(poison);
        }
        using var study = new AskAndTell(Search, store);
        Assert.Equal(1, study.Ask()!.Number);
        Assert.Contains("ended 3 times", study.Result.Ranked[0].Error);
    }

    /// <summary>Runs some jobs and asks no more; the search says that trials are missing.</summary>
    private sealed record Few(int Jobs) : TrialExecutor
    {
        public override void Execute(ITrialQueue queue)
        {
            for (int i = 0; i < Jobs; i++)
                queue.Take()!();
        }
    }
}
