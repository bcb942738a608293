using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Search;

public class SearchTests
{
    [Property(MaxTest = 15)]
    public Property Search_results_do_not_depend_on_threads_or_order() => Prop.ForAll(
        (from trials in Gen.Choose(1, 12)
         from threads in Gen.Choose(1, 5)
         from seed in Gen.Choose(0, 99)
         select (trials, threads, seed)).ToArbitrary(),
        test =>
        {
            CoarseToFineSearch search = Searches.TwoStages(test.trials, (ulong)test.seed);
            SearchResult expected = search.Run(Searches.Restless, new() { Executor = new InlineExecutor() }).Timeless();
            Assert.Equal(expected, search.Run(Searches.Restless, new() { Executor = InlineExecutor.Backwards }).Timeless());
            Assert.Equal(expected, search.Run(Searches.Restless, new() { Executor = new ThreadExecutor(test.threads) }).Timeless());
        });

    [Fact]
    public void Search_failed_trials_are_kept_and_ranked_last()
    {
        SearchResult result = new SingleStageSearch(Searches.Space, 6).Run((trial, _, _) => trial.Number switch
        {
            0 => throw new InvalidOperationException("no luck"),
            1 => new(double.NaN),
            2 => new(0.5) { Metrics = [new("loss", 2)], Seconds = 12 },
            3 => new(double.PositiveInfinity),
            4 => null!,
            _ => new(0.7),
        });
        Assert.Equal([5, 2, 0, 1, 3, 4], result.Ranked.Select(r => r.Trial.Number));
        Assert.Equal([0, 1, 2, 3, 4, 5], result.Stages[0].Results.Select(r => r.Trial.Number));
        Assert.Equal("InvalidOperationException: no luck", result.Ranked[2].Error);
        Assert.Contains("NaN", result.Ranked[3].Error);
        Assert.Contains("Infinity", result.Ranked[4].Error);
        Assert.Contains("null", result.Ranked[5].Error);
        Assert.All(result.Ranked.Skip(2), r => Assert.Equal((TrialState.Failed, double.NaN), (r.State, r.Score)));
        Assert.Equal(2, result.Ranked[1].Metric("loss"));
        Assert.Null(result.Ranked[1].Metric("gain"));
        Assert.Equal(12, result.Ranked[1].Seconds);
        Assert.Equal(0.7, result.Best!.Score);
    }

    [Fact]
    public void Search_with_failed_trials_alone_says_so_and_has_no_best()
    {
        var exception = Assert.Throws<SearchFailedException>(
            () => Searches.TwoStages().Run((_, _, _) => throw new ArithmeticException("never")));
        Assert.Contains("7 failed. The first that failed, stage 0, trial 0", exception.Message);
        Assert.Contains("did so with: ArithmeticException: never. Mend", exception.Message);
        SearchResult result = exception.Partial;
        Assert.Null(result.Best);
        Assert.Equal(7, result.Ranked.Count);
        Assert.Equal(Searches.Space, result.Stages[1].Space);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Search_canceled_keeps_what_is_finished_and_stops_the_rest(int threads)
    {
        using var cancellation = new CancellationTokenSource();
        var store = new MemoryTrialStore();
        CoarseToFineSearch search = Searches.TwoStages(6);
        int started = 0;
        TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref started) == 9)
                cancellation.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return Searches.Objective(trial, context, cancellationToken);
        }
        var exception = Assert.Throws<SearchCanceledException>(
            () => search.Run(Objective, new() { Store = store, Executor = new ThreadExecutor(threads) }, cancellation.Token));
        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.InRange(store.Trials.Count, 9 - threads, 8);
        Assert.Equal(store.Trials.Count, exception.Partial.Ranked.Count);
        Assert.Equal(2, exception.Partial.Stages.Count);

        // It goes on from there, and runs nothing twice.
        int finished = store.Trials.Count;
        started = 100;
        SearchResult resumed = search.Run(Objective, new() { Store = store });
        Assert.Equal(100 + 13 - finished, started);
        Assert.Equal(search.Run(Searches.Objective).Timeless(), resumed.Timeless());
    }

    [Fact]
    public void Search_canceled_stops_an_objective_that_waits_for_its_token()
    {
        using var cancellation = new CancellationTokenSource();
        int asked = 0;
        var exception = Assert.Throws<SearchCanceledException>(() => new SingleStageSearch(Searches.Space, 8).Run(
            (_, _, cancellationToken) =>
            {
                cancellation.CancelAfter(20);
                if (cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMinutes(2)))
                    Interlocked.Increment(ref asked);
                return new(1); // Half a trial's outcome, which must not be kept.
            },
            new() { Executor = new ThreadExecutor(2) },
            cancellation.Token));
        Assert.InRange(asked, 1, 2);
        Assert.Empty(exception.Partial.Ranked);
    }

    [Fact]
    public void Search_token_canceled_before_runs_nothing()
    {
        var exception = Assert.Throws<SearchCanceledException>(
            () => Searches.TwoStages().Run((_, _, _) => throw new InvalidOperationException(), null, new(canceled: true)));
        Assert.Empty(exception.Partial.Ranked);
    }

    [Fact]
    public void Search_cancellation_of_the_objectives_own_fails_the_trial() =>
        Assert.All(
            Assert.Throws<SearchFailedException>(() => new SingleStageSearch(Searches.Space, 2).Run(
                (_, _, _) => throw new OperationCanceledException("its own"))).Partial.Ranked,
            result => Assert.Equal("OperationCanceledException: its own", result.Error));

    [Fact]
    public void Search_progress_tells_of_every_trial()
    {
        var told = new List<SearchProgress>();
        CoarseToFineSearch search = Searches.TwoStages(3);
        search.Run(
            (trial, context, token) =>
            {
                context.Report(5, 0.25);
                return Searches.Objective(trial, context, token);
            },
            new() { Progress = Searches.Progress<SearchProgress>(told.Add), Executor = new ThreadExecutor(2) });
        Assert.All(told, progress => Assert.Equal(7, progress.TotalTrials));
        Assert.Equal(Enumerable.Range(1, 7), told.Where(p => p.Kind == SearchProgressKind.Finished).Select(p => p.FinishedTrials));
        foreach (IGrouping<Trial, SearchProgress> trial in told.GroupBy(progress => progress.Trial))
        {
            Assert.Equal([SearchProgressKind.Started, SearchProgressKind.Reported, SearchProgressKind.Finished], trial.Select(p => p.Kind));
            Assert.Equal(new TrialReport(5, 0.25), trial.ElementAt(1).Report);
            Assert.Equal(TrialState.Completed, trial.Last().Result!.State);
        }
    }

    [Fact]
    public void Search_progress_that_throws_stops_it_and_loses_nothing()
    {
        var store = new MemoryTrialStore();
        IProgress<SearchProgress> progress = Searches.Progress<SearchProgress>(
            p => throw (p.FinishedTrials == 2 ? new InvalidTimeZoneException("enough") : new ArgumentException("early")));
        var late = Searches.Progress<SearchProgress>(p =>
        {
            if (p.FinishedTrials == 2)
                progress.Report(p);
        });
        Assert.Throws<InvalidTimeZoneException>(
            () => Searches.TwoStages().Run(Searches.Objective, new() { Store = store, Progress = late, Executor = new InlineExecutor() }));
        Assert.Equal(2, store.Trials.Count);
    }

    [Fact]
    public void Search_running_out_of_memory_stops_it() =>
        Assert.Throws<OutOfMemoryException>(
            () => new SingleStageSearch(Searches.Space, 3).Run((_, _, _) => throw new OutOfMemoryException()));

    [Fact]
    public void Search_executor_that_forgets_a_trial_is_named() =>
        Assert.Contains(nameof(Forgetful), Assert.Throws<InvalidOperationException>(
            () => Searches.TwoStages().Run(Searches.Objective, new() { Executor = new Forgetful() })).Message);

    private sealed record Forgetful : TrialExecutor
    {
        public override void Execute(ITrialQueue queue) => queue.Take()!();
    }
}
