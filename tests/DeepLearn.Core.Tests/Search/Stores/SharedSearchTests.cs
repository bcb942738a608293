using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Stores;

/// <summary>Searches that several processes run together; here each is stood for by a thread with a store of its own.</summary>
public sealed class SharedSearchTests : IDisposable
{
    private static readonly CoarseToFineSearch Search = Searches.TwoStages(12) with
    {
        Sampler = new TpeSampler(),
        Pruner = new SuccessiveHalvingPruner(1),
        Window = 4,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void SharedSearch_several_processes_find_what_one_finds_and_run_each_trial_once(int threads)
    {
        SearchResult expected = Search.Run(Restless).Timeless();
        var runs = new ConcurrentBag<(int, int)>();
        SearchResult[] found = Together(3, _ => Search.Run(
            (trial, context, token) =>
            {
                runs.Add((trial.Stage, trial.Number));
                return Restless(trial, context, token);
            },
            Options(Store, threads)));
        Assert.All(found, result => Assert.Equal(expected, result.Timeless()));
        Assert.Equal(25, runs.Count);
        Assert.Equal(25, runs.Distinct().Count());
    }

    [Fact]
    public void SharedSearch_calls_that_fail_before_or_after_they_are_heard_change_nothing()
    {
        SearchResult expected = Search.Run(Restless).Timeless();
        int runs = 0;
        SearchResult[] found = Together(2, i => Search.Run(
            (trial, context, token) =>
            {
                Interlocked.Increment(ref runs);
                return Restless(trial, context, token);
            },
            Options(new FlakyStore(Store, (call, _) => ((call + i) % 7) switch
            {
                2 => FlakyStore.Failure.NotHeard,
                5 => FlakyStore.Failure.AnswerLost,
                _ => FlakyStore.Failure.None,
            }))));
        Assert.All(found, result => Assert.Equal(expected, result.Timeless()));
        Assert.Equal(25, runs);
    }

    [Fact]
    public void SharedSearch_store_that_stays_away_stops_the_search_with_the_reason()
    {
        var store = new FlakyStore(Store, (call, _) => call > 9 ? FlakyStore.Failure.NotHeard : FlakyStore.Failure.None);
        var exception = Assert.Throws<TrialStoreException>(
            () => Search.Run(Restless, Options(store) with { StoreTimeout = TimeSpan.FromMilliseconds(300) }));
        Assert.Contains("could not be reached for 0.3 s. The link was cut.", exception.Message);
    }

    /// <summary>A process without a sign of life loses its trial; what it finds later does not count, and is compared.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SharedSearch_result_that_comes_too_late_does_not_count_and_is_compared(bool differs)
    {
        SearchResult expected = Search.Run(Searches.Objective).Timeless();
        using var isTaken = new ManualResetEventSlim();
        using var isOver = new ManualResetEventSlim();
        SearchRunOptions deaf = Options(new FlakyStore(
            Store, (_, name) => name == "renew" ? FlakyStore.Failure.NotHeard : FlakyStore.Failure.None)) with
        { Lease = TimeSpan.FromMilliseconds(100) };
        var told = new ConcurrentBag<TrialDifference>();
        SearchResult[] found = Together(2, i =>
        {
            if (i == 1)
            {
                isTaken.Wait();
                SearchResult prompt = Search.Run(Searches.Objective, Options(Store));
                isOver.Set();
                return prompt;
            }
            return Search.Run(
                (trial, context, token) =>
                {
                    if (isTaken.IsSet)
                        return Searches.Objective(trial, context, token);
                    isTaken.Set();
                    isOver.Wait(token);
                    TrialOutcome outcome = Searches.Objective(trial, context, token);
                    return differs ? outcome with { Score = 99 } : outcome;
                },
                deaf with
                {
                    Progress = Searches.Progress<SearchProgress>(progress =>
                    {
                        if (progress.Difference is { } difference)
                            told.Add(difference);
                    }),
                });
        });
        Assert.Equal(expected, found[1].Timeless());
        Assert.Equal(expected, found[0].Timeless());
        Assert.Empty(found[1].Differences);
        if (!differs)
        {
            Assert.Empty(found[0].Differences);
            return;
        }
        TrialDifference only = Assert.Single(found[0].Differences);
        Assert.Equal(("score", 99, 0), (only.Field, only.Other.Score, only.Accepted.Trial.Number));
        Assert.Same(only, Assert.Single(told));
        Assert.Contains("another score", only.ToString());
    }

    [Fact]
    public void SharedSearch_trial_of_a_process_that_is_gone_is_run_by_another_after_its_lease()
    {
        using SharedTrialLog gone = Store.Open(Search.Identity());
        Assert.NotNull(gone.TryClaim(new(0, 2, "gone", TimeSpan.FromMilliseconds(300))));
        Assert.Equal(Search.Run(Searches.Objective).Timeless(), Search.Run(Searches.Objective, Options(Store)).Timeless());
    }

    [Fact]
    public void SharedSearch_process_that_is_alone_waits_for_no_lease()
    {
        ClaimAndForget();

        // As when the process is killed: nothing is said, and its lock goes with it.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        SearchResult result = Search.Run(Searches.Objective, Options(Store));
        Assert.Equal(Search.Run(Searches.Objective).Timeless(), result.Timeless());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ClaimAndForget() => Assert.NotNull(Store.Open(Search.Identity()).TryClaim(new(0, 0, "gone", TimeSpan.FromDays(1))));

    [Fact]
    public void SharedSearch_trial_that_ends_the_process_again_and_again_becomes_a_failed_one()
    {
        for (int i = 0; i < 3; i++)
        {
            using SharedTrialLog log = Store.Open(Search.Identity());
            Assert.NotNull(log.TryClaim(new(0, 1, "doomed", TimeSpan.FromDays(1))));
        }
        SearchResult result = Search.Run(Searches.Objective, Options(Store));
        Assert.Contains("ended 3 times while the trial was under way", result.Stages[0].Results[1].Error);
        Assert.Equal(TrialState.Completed, result.Stages[0].Results[2].State);
    }

    [Fact]
    public void SharedSearch_failed_trials_are_run_again_where_that_is_asked_for()
    {
        bool isMended = false;
        TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken token) =>
            !isMended && trial.Number % 3 == 1
                ? throw new InvalidOperationException("a mistake")
                : Searches.Objective(trial, context, token);
        Assert.Contains(Search.Run(Objective, Options(Store)).Ranked, result => result.State == TrialState.Failed);
        isMended = true;
        SearchResult expected = Search.Run(Searches.Objective).Timeless();
        SearchResult[] again = Together(2, _ => Search.Run(Objective, Options(Store) with { RunFailedAgain = true }));
        Assert.All(again, result => Assert.Equal(expected, result.Timeless()));
    }

    [Fact]
    public void SharedSearch_time_limit_leaves_what_others_have()
    {
        using SharedTrialLog other = Store.Open(Search.Identity());
        Assert.NotNull(other.TryClaim(new(0, 3, "other", TimeSpan.FromDays(1))));
        SearchResult result = Search.Run(Searches.Objective, Options(Store) with { TimeLimit = TimeSpan.FromSeconds(1) });
        Assert.Equal(SearchEnd.TimeLimit, result.End);
        Assert.InRange(result.Stages[0].Results.Count, 0, 3);
        Assert.Equal(Enumerable.Range(0, result.Stages[0].Results.Count), result.Stages[0].Results.Select(trial => trial.Trial.Number));
    }

    [Fact]
    public void SharedSearch_journal_goes_on_alone_and_shared_by_turns()
    {
        var alone = new JournalTrialStore(Store.FilePath);
        int runs = 0;
        foreach (TrialStore store in new TrialStore[] { Store, alone, Store, alone })
        {
            using var stop = new CancellationTokenSource();
            int begun = 0;
            Assert.Throws<SearchCanceledException>(() => Search.Run(
                (trial, context, token) =>
                {
                    if (++begun > 4)
                        stop.Cancel();
                    token.ThrowIfCancellationRequested();
                    runs++;
                    return Searches.Objective(trial, context, token);
                },
                Options(store),
                stop.Token));
        }
        Assert.Equal(16, runs);
        Assert.Equal(Search.Run(Searches.Objective).Timeless(), Search.Run(Searches.Objective, Options(Store)).Timeless());
    }

    [Fact]
    public void SharedSearch_one_that_has_the_journal_alone_and_those_that_share_it_refuse_each_other()
    {
        var alone = new JournalTrialStore(Store.FilePath);
        using (alone.Open(Search.Identity()))
            Assert.Contains("has it alone", Assert.Throws<TrialStoreException>(() => Store.Open(Search.Identity())).Message);
        using (Store.Open(Search.Identity()))
            Assert.Contains("in use by another search", Assert.Throws<TrialStoreException>(() => alone.Open(Search.Identity())).Message);
        Assert.Contains("Expected a store for one process", Assert.Throws<ArgumentException>(
            () => new AskAndTell(new SingleStageSearch(Searches.Space, 3), Store)).Message);
    }

    /// <summary>A process was killed, or the disk was full, in the middle of a line; the next who writes cuts it off.</summary>
    [Fact]
    public void SharedSearch_line_torn_by_another_process_is_cut_off()
    {
        using SharedTrialLog log = Store.Open(Search.Identity());
        TrialLease lease = log.TryClaim(new(0, 0, "worker", TimeSpan.FromDays(1)))!;
        using (FileStream file = new(Store.FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = file.Length;
            file.Write("{\"check\":\"0123"u8);
        }
        Assert.True(log.Renew(lease));
        Assert.NotNull(log.TryClaim(new(0, 1, "worker", TimeSpan.FromDays(1))));
        log.Dispose();
        using TrialLog again = new JournalTrialStore(Store.FilePath).Open(Search.Identity());
        Assert.Equal(0, again.StartsOf(Searches.TwoStages().Run(Searches.Objective).Ranked[0].Trial with { Number = 9 }));
    }

    private SharedJournalTrialStore Store => new(_folder.File("trials.jsonl"));

    private static SearchRunOptions Options(TrialStore store, int threads = 1) =>
        new() { Store = store, Executor = new ThreadExecutor(threads), StoreTimeout = TimeSpan.FromMinutes(1) };

    private static TrialOutcome Restless(Trial trial, TrialContext context, CancellationToken token)
    {
        for (int step = 1; step <= 4; step++)
        {
            if (!context.Report(step, Searches.Score(trial) - (1.0 / step)))
                break;
        }
        return Searches.Restless(trial, context, token);
    }

    private static SearchResult[] Together(int processes, Func<int, SearchResult> run)
    {
        var results = new SearchResult[processes];
        var failures = new ConcurrentQueue<Exception>();
        Thread[] threads =
        [
            .. Enumerable.Range(0, processes).Select(i => new Thread(() =>
            {
                try
                {
                    results[i] = run(i);
                }
                catch (Exception exception)
                {
                    failures.Enqueue(exception);
                }
            })),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Empty(failures);
        return results;
    }
}
