using DeepLearn.Search;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search;

/// <summary>What a search does about objectives that fail, hang or never end.</summary>
public class SearchFailureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Search_failures_in_a_row_stop_it_with_the_reason(int limit)
    {
        var store = new MemoryTrialStore();
        var search = new SingleStageSearch(Searches.Space, 1000) { Seed = 3 };
        var options = new SearchRunOptions { Store = store, FailuresInARow = limit };
        var exception = Assert.Throws<SearchFailedException>(() => search.Run(Mistaken, options));
        Assert.Contains($"{limit} trials in a row failed", exception.Message);
        Assert.Contains("FileNotFoundException: /no/such/data", exception.Message);
        Assert.Contains(nameof(SearchRunOptions.RunFailedAgain), exception.Message);
        Assert.InRange(exception.Partial.Ranked.Count, limit, 20);

        // Run again, it stops for the same reason at once; with the mistake mended and the failed ones run again, it comes to its end.
        Assert.Throws<SearchFailedException>(() => search.Run(Searches.Objective, options));
        SearchResult mended = search.Run(
            (trial, context, token) => trial.Number == 2 && limit > 1 ? new(1) : Searches.Objective(trial, context, token),
            options with { RunFailedAgain = true });
        Assert.Equal(1000, mended.Ranked.Count(trial => trial.State == TrialState.Completed));

        // Failures are counted in the order of the trials, so that one that is slow lets the others run ahead: from 20 on they wait to
        // be stopped.
        TrialOutcome Mistaken(Trial trial, TrialContext context, CancellationToken token)
        {
            if (trial.Number >= 20)
                token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
            return trial.Number == 2 && limit > 1 ? new(1) : throw new FileNotFoundException("/no/such/data");
        }
    }

    [Fact]
    public void Search_failures_that_are_not_in_a_row_do_not_stop_it()
    {
        SearchResult result = new SingleStageSearch(Searches.Space, 30).Run(
            (trial, _, _) => trial.Number % 3 == 0 ? new(1) : throw new InvalidOperationException(), new() { FailuresInARow = 3 });
        Assert.Equal(30, result.Ranked.Count);
    }

    [Fact]
    public void Search_that_ends_with_failed_trials_and_none_completed_says_so()
    {
        var store = new MemoryTrialStore();
        var options = new SearchRunOptions { Store = store };
        HyperparameterSearch[] searches =
        [
            new SingleStageSearch(Searches.Space, 4), new SuccessiveHalvingSearch(Searches.Space, 4, stages: 2),
            new HyperbandSearch(Searches.Space, 3), Searches.TwoStages(),
        ];
        Assert.All(searches, search =>
        {
            var failed = Assert.Throws<SearchFailedException>(() => search.Run((trial, _, _) => new(trial.Value("lamda"))));
            Assert.StartsWith(
                $"No trial was completed: {failed.Partial.Ranked.Count} failed. The first that failed, stage 0, trial 0", failed.Message);
            Assert.Contains("\"lamda\"", failed.Message);
            Assert.All(failed.Partial.Ranked, trial => Assert.Equal(TrialState.Failed, trial.State));
        });

        // From its store too, and where an end of its own comes first.
        Assert.Throws<SearchFailedException>(() => searches[0].Run((_, _, _) => throw new IOException(), options));
        Assert.Throws<SearchFailedException>(() => searches[0].Run(Searches.Objective, options with { TrialsWithoutImprovement = 2 }));
        Assert.NotNull(searches[0].Run(Searches.Objective, options with { RunFailedAgain = true }).Best);
    }

    [Fact]
    public void Search_that_ends_with_trials_that_are_pruned_or_break_a_bound_alone_has_not_failed()
    {
        var bounded = new SingleStageSearch(Searches.Space, 4) { Constraints = [new SearchConstraint("budget", atMost: 0)] };
        SearchResult broken = bounded.Run((trial, context, token) =>
            trial.Number == 0 ? throw new IOException() : Searches.Objective(trial, context, token));
        Assert.Null(broken.Best);
        var pruning = new SingleStageSearch(Searches.Space, 4) { Pruner = new ThresholdPruner(lowest: 1) };
        Assert.Null(pruning.Run(Pruned).Best);
        var failed = Assert.Throws<SearchFailedException>(() => pruning.Run((trial, context, token) =>
            trial.Number == 2 ? throw new IOException("lost") : Pruned(trial, context, token)));
        Assert.StartsWith("No trial was completed: 1 failed and 3 were pruned. The first that failed, stage 0, trial 2", failed.Message);

        static TrialOutcome Pruned(Trial trial, TrialContext context, CancellationToken token)
        {
            Assert.False(context.Report(1, 0));
            return new(0);
        }
    }

    [Fact]
    public void Search_trial_that_fails_is_retried()
    {
        int calls = 0;
        TrialOutcome Flaky(Trial trial, TrialContext context, CancellationToken token)
        {
            context.Report(1, 0);
            return ++calls % 3 == 0 ? Searches.Objective(trial, context, token) : throw new IOException("lost");
        }
        var search = new SingleStageSearch(Searches.Space, 4);
        SearchResult result = search.Run(Flaky, new() { Retries = 2, Executor = new InlineExecutor() });
        Assert.All(result.Ranked, trial => Assert.Equal((TrialState.Completed, 1), (trial.State, trial.Reports.Count)));
        Assert.Equal(12, calls);
        Assert.All(
            search.Run(Flaky, new() { Retries = 1, Executor = new InlineExecutor() }).Ranked.Where(trial => trial.Error is not null),
            trial => Assert.Equal("IOException: lost", trial.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Search_trial_beyond_its_time_limit_fails_and_the_others_go_on(bool listens)
    {
        using var never = new ManualResetEventSlim();
        SearchResult result = new SingleStageSearch(Searches.Space, 4).Run(
            (trial, _, token) =>
            {
                if (trial.Number == 1)
                    never.Wait(listens ? token : CancellationToken.None);
                return new(trial.Number);
            },
            new()
            {
                TrialTimeLimit = TimeSpan.FromMilliseconds(200),
                StopTimeout = listens ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(50),
                Executor = new InlineExecutor(),
            });
        Assert.Equal([3, 2, 0, 1], result.Ranked.Select(trial => trial.Trial.Number));
        Assert.Contains("longer than its limit of 0.2 s", result.Ranked[3].Error);
        Assert.Equal(!listens, result.Ranked[3].Error!.Contains("did not stop within 0.05 s"));
        never.Set();
    }

    [Fact]
    public void Search_canceled_does_not_wait_for_ever_for_an_objective_that_ignores_its_token()
    {
        using var never = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var store = new MemoryTrialStore();
        var search = new SingleStageSearch(Searches.Space, 4);
        var exception = Assert.Throws<SearchCanceledException>(() => search.Run(
            (trial, _, _) =>
            {
                if (trial.Number == 1)
                {
                    cancellation.Cancel();
                    never.Wait();
                }
                return new(trial.Number);
            },
            new() { Store = store, StopTimeout = TimeSpan.FromMilliseconds(50), Executor = new InlineExecutor() },
            cancellation.Token));
        Assert.Single(exception.Partial.Ranked);

        // What comes of it later is not kept; the trial is run again.
        never.Set();
        Assert.Equal(4, search.Run((trial, _, _) => new(trial.Number), new() { Store = store }).Ranked.Count);
        Assert.Equal(4, store.Trials.Count);
    }

    /// <summary>An abandoned trial may fail after the search.</summary>
    [Fact]
    public void RunStop_takes_a_failure_after_its_end()
    {
        var stop = new RunStop(CancellationToken.None);
        stop.Dispose();
        stop.Fail(new InvalidOperationException());
        stop.Request();
        Assert.False(stop.Token.IsCancellationRequested);
        Assert.Throws<InvalidOperationException>(stop.ThrowIfFailed);
    }

    [Fact]
    public void Search_of_millions_of_trials_makes_each_when_it_begins()
    {
        var search = new SingleStageSearch(Searches.Space, int.MaxValue) { Sampler = new Counting() };
        using var cancellation = new CancellationTokenSource();
        Counting.Calls = 0;
        var exception = Assert.Throws<SearchCanceledException>(() => search.Run(
            (trial, _, _) =>
            {
                if (trial.Number == 50)
                    cancellation.Cancel();
                return new(1);
            },
            new() { Executor = new InlineExecutor() },
            cancellation.Token));
        Assert.Equal(50, exception.Partial.Ranked.Count);
        Assert.Equal(51, Counting.Calls);
    }

    [Fact]
    public void SearchRunOptions_impossible_values_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { FailuresInARow = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { Retries = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { Crashes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { TrialTimeLimit = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { StopTimeout = TimeSpan.FromSeconds(-5) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { StopTimeout = TimeSpan.FromDays(25) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { Lease = TimeSpan.FromDays(25) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchRunOptions { Lease = Timeout.InfiniteTimeSpan });
        SearchResult found = new SingleStageSearch(Searches.Space, 2).Run(
            (trial, _, _) => new(trial.Number),
            new()
            {
                TimeLimit = TimeSpan.FromDays(30),
                TrialTimeLimit = TimeSpan.MaxValue,
                StoreTimeout = TimeSpan.MaxValue,
                Store = new MemoryTrialStore(),
            });
        Assert.Equal(2, found.Ranked.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SingleStageSearch(Searches.Space, 1) { Window = 0 });
    }

    private sealed record Counting : Sampler
    {
        public static int Calls { get; set; }

        public override string Description => "counting";

        public override bool UsesHistory => false;

        public override SearchPoint Sample(SampleRequest request)
        {
            Calls++;
            return new RandomSampler().Sample(request);
        }
    }
}
