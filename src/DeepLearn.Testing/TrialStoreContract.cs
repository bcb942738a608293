using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>
/// What every <see cref="TrialStore"/> promises, checked on stores of one kind; of a <see cref="SharedTrialStore"/> also what its claims
/// promise.
/// </summary>
/// <example><code>TrialStoreContract.Check(name => new JournalTrialStore($"{name}.jsonl")).ThrowIfFailed();</code></example>
public static class TrialStoreContract
{
    private const int TrialsPerStage = 3;

    /// <summary>Checks a kind of store.</summary>
    /// <param name="open">
    /// Makes the store of a name: an empty one for a name that is new; for a name that came before, one that holds what was kept under it.
    /// For a store that outlives its process that is a new object on the same file or table, and for one that does not the same object.
    /// Names are words in lower case. Called from several threads, one call at a time.
    /// </param>
    /// <param name="options">What it is tried on; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number in the options is too small.</exception>
    public static ContractReport Check(Func<string, TrialStore> open, TrialStoreContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 2);
        var stores = new StoreSubject(open);
        var checks = new CheckList(nameof(TrialStoreContract), stores.Kind);
        checks.Add("a new store is empty", () => CheckNew(stores));
        checks.Add("what is kept is read back to the last bit", () => CheckContent(stores));
        checks.Add("the recorded trials are those at the opening", () => CheckSnapshot(stores));
        checks.Add("trials are kept in the order in which they ended", () => CheckOrder(stores, options));
        checks.Add("a later result supersedes an earlier one", () => CheckSuperseding(stores));
        checks.Add("trials are kept from any thread", () => CheckThreads(stores, options));
        checks.Add("starts count until the trial ends or is abandoned", () => CheckStarts(stores));
        if (stores.IsShared)
            SharedStoreChecks.AddTo(checks, stores, options);
        else
            checks.Add("one search has the store at a time", () => CheckLock(stores, options));
        checks.Add("a closed log takes nothing more", () => CheckClosed(stores));
        checks.Add("another search is refused and changes nothing", () => CheckIdentity(stores));
        checks.Add("a search goes on from where it stopped", () => CheckResuming(stores));
        checks.Add("null is refused", () => CheckNull(stores));
        return checks.ToReport();
    }

    private static TrialResult Result(int number) => SmallSearch.Results(0, number + 1, SmallSearch.Space)[number];

    private static void CheckNew(StoreSubject stores)
    {
        using TrialLog log = stores.Open("new");
        Expect.Equal(0, log.Recorded.Count, "the number of trials of a new store");
        Expect.Equal(0, log.StartsOf(Result(0).Trial), "the number of starts of a trial in a new store");
    }

    private static void CheckContent(StoreSubject stores)
    {
        TrialResult[] results = OddTrials.Results();
        stores.Keep("content", results);
        stores.ExpectKept("content", results);
    }

    private static void CheckSnapshot(StoreSubject stores)
    {
        stores.Keep("snapshot", Result(0));
        using (TrialLog log = stores.Open("snapshot"))
        {
            log.Append(Result(1));
            Expect.Equal(1, log.Recorded.Count, "the number of recorded trials after one more is kept, as at the opening");
        }
        stores.ExpectKept("snapshot", Result(0), Result(1));
    }

    private static void CheckOrder(StoreSubject stores, TrialStoreContractOptions options)
    {
        // Not in the order of their numbers, and of two stages.
        TrialResult[] results = SmallSearch.Results(0, options.Trials, SmallSearch.Space);
        Array.Reverse(results);
        results = [.. results, .. SmallSearch.Results(1, 2, SmallSearch.Space)];
        stores.Keep("order", results[..^1]);
        stores.Keep("order", results[^1]);
        stores.ExpectKept("order", results);
    }

    private static void CheckSuperseding(StoreSubject stores)
    {
        TrialResult again = Result(1) with { State = TrialState.Completed, Score = 5, Error = null, Reports = [] };
        TrialResult once = Result(0) with { Score = 6 }, twice = once with { Score = 7 };
        stores.Keep("superseding", Result(0), Result(1), Result(2), once);
        stores.Keep("superseding", again, twice);
        stores.ExpectKept("superseding", Result(2), again, twice);
    }

    private static void CheckThreads(StoreSubject stores, TrialStoreContractOptions options)
    {
        TrialResult[] results = SmallSearch.Results(0, 4 * options.Threads, SmallSearch.Space);
        using (TrialLog log = stores.Open("threads"))
        {
            var turn = new Lock();
            int next = 0;
            Concurrently.Run(options.Threads, _ =>
            {
                while (true)
                {
                    lock (turn)
                    {
                        if (next == results.Length)
                            return;
                        log.Start(results[next].Trial);
                        log.Append(results[next++]);
                    }
                    Thread.Yield();
                }
            });
        }
        stores.ExpectKept("threads", results);
    }

    private static void CheckStarts(StoreSubject stores)
    {
        Trial crashed = Result(0).Trial, abandoned = Result(1).Trial, ended = Result(2).Trial, other = crashed with { Stage = 1 };
        for (int earlier = 0; earlier < 3; earlier++)
        {
            using TrialLog log = stores.Open("starts");
            Expect.Equal(earlier, log.StartsOf(crashed), $"the number of starts of a trial after {earlier} runs that ended in it");
            foreach (Trial trial in new[] { crashed, abandoned, ended })
                log.Start(trial);
            Expect.Equal(earlier, log.StartsOf(crashed), "the number of starts when the store was opened, after one more");
        }
        using (TrialLog log = stores.Open("starts"))
        {
            log.Abandon(abandoned);
            log.Append(Result(2));
        }
        using TrialLog last = stores.Open("starts");
        Expect.Equal(3, last.StartsOf(crashed), "the number of starts of a trial that neither ended nor was abandoned");
        Expect.Equal(0, last.StartsOf(abandoned), "the number of starts of a trial that was abandoned");
        Expect.Equal(0, last.StartsOf(ended), "the number of starts of a trial that ended");
        Expect.Equal(0, last.StartsOf(other), "the number of starts of a trial of the same number in another stage");
        Expect.Equal(1, last.Recorded.Count, "the number of trials that ended");
    }

    private static void CheckLock(StoreSubject stores, TrialStoreContractOptions options)
    {
        stores.Keep("lock", Result(0));
        TrialLog first = stores.Open("lock");
        Expect.Throws<TrialStoreException>(() => stores.Open("lock").Dispose(), "a store opened a second time");
        first.Append(Result(1));
        first.Dispose();
        using (stores.Open("lock"))
        {
            // A log that is closed twice gives up nothing that is another's by then.
            first.Dispose();
            Expect.Throws<TrialStoreException>(
                () => stores.Open("lock").Dispose(), "a store opened a second time, after another log of it was closed twice");
        }
        TrialStore store = stores.Store("lock");
        var opened = new TrialLog?[options.Threads];
        Concurrently.Run(options.Threads, i => opened[i] = StoreSubject.TryOpen(store));
        foreach (TrialLog? log in opened)
            log?.Dispose();
        Expect.Equal(1, opened.Count(log => log is not null), $"how many of {options.Threads} threads that open a store at once have it");
        stores.ExpectKept("lock", Result(0), Result(1));
    }

    private static void CheckClosed(StoreSubject stores)
    {
        TrialLog log = stores.Open("closed");
        log.Append(Result(0));
        log.Dispose();
        Expect.Throws<ObjectDisposedException>(() => log.Append(Result(1)), "Append after the log was closed");
        Expect.Throws<ObjectDisposedException>(() => log.Start(Result(1).Trial), "Start after the log was closed");
        Expect.Throws<ObjectDisposedException>(() => log.Abandon(Result(1).Trial), "Abandon after the log was closed");
        stores.ExpectKept("closed", Result(0));
    }

    private static void CheckIdentity(StoreSubject stores)
    {
        // Before it holds a trial, a store is the search's that opened it first; it may have counted starts already.
        using (TrialLog log = stores.Open("identity"))
            log.Start(Result(0).Trial);
        ExpectRefused("opened by another search, without a trial so far");
        stores.Keep("identity", Result(0));
        ExpectRefused("with the trials of another search");
        stores.ExpectKept("identity", Result(0));

        void ExpectRefused(string what)
        {
            string message = Expect.Throws<IdentityMismatchException>(
                () => stores.Open("identity", StoreSubject.Seed + 1).Dispose(), $"a store {what}");
            bool names = message.Contains("seed", StringComparison.Ordinal)
                && message.Contains($"\"{StoreSubject.Seed}\"", StringComparison.Ordinal)
                && message.Contains($"\"{StoreSubject.Seed + 1}\"", StringComparison.Ordinal);
            Expect.That(names, "a message that names what differs, here the seeds 7 and 8", $"\"{message}\"");
        }
    }

    private static void CheckResuming(StoreSubject stores)
    {
        CoarseToFineSearch search = SmallSearch.Of(SmallSearch.Space, TrialsPerStage);
        IReadOnlyList<TrialResult> expected = SmallSearch.Results(search, new InlineExecutor());
        int kept = 0;
        for (int stop = 1; stop < search.TotalTrials; stop += 2)
        {
            SmallSearch.Interrupt(search, stores.Store("resumed"), stop - kept);
            kept = stop;
        }
        SmallSearch.ExpectSame(
            expected, SmallSearch.Results(search, new InlineExecutor(), stores.Store("resumed")), "interrupted and resumed");
        using TrialLog log = stores.Store("resumed").Open(search.Identity());
        Expect.Equal(search.TotalTrials, log.Recorded.Count, "the number of trials kept in the end, each once");
    }

    private static void CheckNull(StoreSubject stores)
    {
        Expect.Throws<ArgumentNullException>(() => stores.Store("null").Open(null!), "Open with null");
        using TrialLog log = stores.Open("null");
        Expect.Throws<ArgumentNullException>(() => log.Append(null!), "Append with null");
        Expect.Throws<ArgumentNullException>(() => log.Start(null!), "Start with null");
        Expect.Throws<ArgumentNullException>(() => log.Abandon(null!), "Abandon with null");
        Expect.Throws<ArgumentNullException>(() => log.StartsOf(null!), "StartsOf with null");
    }
}
