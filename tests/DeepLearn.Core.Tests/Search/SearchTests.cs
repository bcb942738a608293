using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DeepLearn.Tests.Search;

public class SearchTests
{
    [Property(MaxTest = 15)]
    public Property ParallelismAndOrderChangeNoBit() => Prop.ForAll(
        (from trials in Gen.Choose(1, 12)
         from threads in Gen.Choose(1, 5)
         from seed in Gen.Choose(0, 99)
         select (trials, threads, seed)).ToArbitrary(),
        test =>
        {
            CoarseToFineSearch search = Searches.TwoStages(test.trials, (ulong)test.seed);
            SearchResult expected = search.Run(Searches.Restless, new() { Executor = new InlineExecutor() }).Timeless();
            Assert.Equal(expected, search.Run(Searches.Restless, new() { Executor = new InlineExecutor(Backwards: true) }).Timeless());
            Assert.Equal(expected, search.Run(Searches.Restless, new() { Executor = new ThreadExecutor(test.threads) }).Timeless());
        });

    [Fact]
    public void TrialsRunAtOnceOnThreadsOfTheirOwn()
    {
        using var barrier = new Barrier(3);
        var threads = new HashSet<int>();
        SearchResult result = new HyperparameterSearch(Searches.Space, 9).Run(
            (_, _, _) =>
            {
                // Passes only where three trials are under way at the same time.
                Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
                Assert.False(Thread.CurrentThread.IsThreadPoolThread);
                lock (threads)
                    threads.Add(Environment.CurrentManagedThreadId);
                return new(1);
            },
            new() { Executor = new ThreadExecutor(3) });
        Assert.Equal(3, threads.Count);
        Assert.All(result.Ranked, r => Assert.Null(r.Error));
    }

    [Fact]
    public void FailedTrialsAreKeptAndRankedLast()
    {
        SearchResult result = new HyperparameterSearch(Searches.Space, 6).Run((trial, _, _) => trial.Number switch
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
    public void WhereEverythingFailsThereIsNoBest()
    {
        SearchResult result = Searches.TwoStages().Run((_, _, _) => throw new ArithmeticException("never"));
        Assert.Null(result.Best);
        Assert.Equal(7, result.Ranked.Count);
        Assert.Equal(Searches.Space, result.Stages[1].Space);
    }

    [Fact]
    public void TiesGoToTheEarlierTrialAndSmallerMayBeBetter()
    {
        var search = new HyperparameterSearch(Searches.Space, 5) { Direction = SearchDirection.Minimize };
        SearchResult result = search.Run((trial, _, _) => new(trial.Number % 2));
        Assert.Equal([0, 2, 4, 1, 3], result.Ranked.Select(r => r.Trial.Number));
        Assert.Equal(0, result.Best!.Trial.Number);
        Assert.Equal([1, 3, 0, 2, 4], (search with { Direction = SearchDirection.Maximize })
            .Run((trial, _, _) => new(trial.Number % 2)).Ranked.Select(r => r.Trial.Number));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void CancellationKeepsWhatIsFinishedAndStopsTheRest(int threads)
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
    public void AnObjectiveThatWaitsForItsTokenIsStopped()
    {
        using var cancellation = new CancellationTokenSource();
        int asked = 0;
        var exception = Assert.Throws<SearchCanceledException>(() => new HyperparameterSearch(Searches.Space, 8).Run(
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
    public void ACanceledTokenRunsNothing()
    {
        var exception = Assert.Throws<SearchCanceledException>(
            () => Searches.TwoStages().Run((_, _, _) => throw new InvalidOperationException(), null, new(canceled: true)));
        Assert.Empty(exception.Partial.Ranked);
    }

    [Fact]
    public void AnObjectivesOwnCancellationIsAFailure() =>
        Assert.All(
            new HyperparameterSearch(Searches.Space, 2).Run((_, _, _) => throw new OperationCanceledException("its own")).Ranked,
            result => Assert.Equal("OperationCanceledException: its own", result.Error));

    [Fact]
    public void ProgressTellsOfEveryTrial()
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
    public void AProgressThatThrowsStopsTheSearchAndLosesNothing()
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
    public void RunningOutOfMemoryStopsTheSearch() =>
        Assert.Throws<OutOfMemoryException>(
            () => new HyperparameterSearch(Searches.Space, 3).Run((_, _, _) => throw new OutOfMemoryException()));

    [Fact]
    public void AnExecutorThatForgetsATrialIsFoundOut() =>
        Assert.Contains(nameof(Forgetful), Assert.Throws<InvalidOperationException>(
            () => Searches.TwoStages().Run(Searches.Objective, new() { Executor = new Forgetful() })).Message);

    [Fact]
    public void ReportsGoForward()
    {
        var context = new TrialContext();
        Assert.True(context.Report(3, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Report(3, 0.2));
        Assert.Single(context.Reports);
    }

    [Fact]
    public void MetricsHaveNamesOfTheirOwn() =>
        Assert.Throws<ArgumentException>(() => new TrialOutcome(1) { Metrics = [new("a", 1), new("a", 2)] });

    private sealed record Forgetful : TrialExecutor
    {
        public override void Execute(IReadOnlyList<Action> jobs, CancellationToken cancellationToken) => jobs[0]();
    }
}
