using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Testing.Checks;

/// <summary>What the claims of a <see cref="SharedTrialStore"/> promise. Processes are stood for by logs of their own.</summary>
internal static class SharedStoreChecks
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static void AddTo(CheckList checks, StoreSubject stores, TrialStoreContractOptions options)
    {
        checks.Add("several processes have the store at a time", () => CheckSharing(stores));
        checks.Add("one process at a time claims a trial", () => CheckClaims(stores, options));
        checks.Add("a lease that was not renewed may be taken", () => CheckLeases(stores));
        checks.Add("a lost lease completes nothing", () => CheckFencing(stores));
        checks.Add("a completed trial is claimed only to supersede it", () => CheckCompletion(stores));
        checks.Add("a released trial is free and its lost claims are forgotten", () => CheckRelease(stores));
        checks.Add("what others did is read from a cursor", () => CheckChanges(stores));
        checks.Add("several processes find what one finds", () => CheckSearch(stores, options));
        checks.Add("claims refuse null and closed logs", () => CheckArguments(stores));
    }

    private static TrialResult Result(int number, int stage = 0) => SmallSearch.Results(stage, number + 1, SmallSearch.Space)[number];

    private static TrialClaim Claim(int number, TimeSpan length, int stage = 0) => new(stage, number, "a worker", length);

    private static TrialLease Require(TrialLease? lease, string what)
    {
        Expect.That(lease is not null, $"{what}: a lease", "none");
        return lease!;
    }

    private static void CheckSharing(StoreSubject stores)
    {
        using (SharedTrialLog first = stores.Share("sharing"), second = stores.Share("sharing"))
        {
            first.Append(Result(0));
            second.Append(Result(1));
            first.Append(Result(2));
        }
        stores.ExpectKept("sharing", Result(0), Result(1), Result(2));
    }

    private static void CheckClaims(StoreSubject stores, TrialStoreContractOptions options)
    {
        using (SharedTrialLog first = stores.Share("claims"), second = stores.Share("claims"))
        {
            TrialLease lease = Require(first.TryClaim(Claim(3, Long)), "a claim of a trial that nobody has");
            Expect.Equal((0, 3, 0), (lease.Stage, lease.Number, lease.Lost), "stage and number of a lease, and the lost claims before it");
            Expect.Equal(null, second.TryClaim(Claim(3, Long)), "a claim of a trial that another process has");
            Expect.Equal(null, first.TryClaim(Claim(3, Long)), "a second claim of a trial by the process that has it");
            Require(second.TryClaim(Claim(4, Long)), "a claim of the next trial");
            Require(second.TryClaim(Claim(3, Long, stage: 1)), "a claim of the trial of the same number in another stage");
        }
        const int Trials = 20;
        var claimed = new int[Trials];
        Concurrently.Run(options.Threads, _ =>
        {
            using SharedTrialLog log = stores.Share("claims at once");
            for (int number = 0; number < Trials; number++)
            {
                if (log.TryClaim(Claim(number, Long)) is not { } lease)
                    continue;
                Interlocked.Increment(ref claimed[number]);
                Expect.That(log.Complete(lease, Result(number)), "a lease that completes its trial", "one that does not");
            }
        });
        for (int number = 0; number < Trials; number++)
            Expect.Equal(1, claimed[number], $"how many of {options.Threads} processes that claim trial {number} at once have it");
    }

    private static void CheckLeases(StoreSubject stores)
    {
        using SharedTrialLog first = stores.Share("leases"), second = stores.Share("leases");
        TrialLease lease = Require(first.TryClaim(Claim(0, Short)), "a claim");
        TrialLease taken = Require(Eventually(() => second.TryClaim(Claim(0, Long))), "a claim of a trial whose lease has run out");
        Expect.That(taken.Epoch > lease.Epoch, $"an epoch above {lease.Epoch} for a later claim", $"{taken.Epoch}");
        Expect.Equal(1, taken.Lost, "the number of lost claims before it");
        Expect.That(!first.Renew(lease), "a lost lease that is not renewed", "one that is");
        Expect.That(second.Renew(taken), "a lease that is renewed", "one that is not");
        Expect.Equal(null, first.TryClaim(Claim(0, Long)), "a claim of a trial that another process has taken over");

        // Nobody has taken it: it can be renewed after its end, and then is nobody else's again.
        TrialLease late = Require(first.TryClaim(Claim(1, Short)), "a claim");
        Expect.That(
            Eventually(() => second.ReadSince(0).Changes.Any(IsFreed) ? late : null) is not null,
            "a trial whose lease has run out among the free ones",
            "none");
        Expect.That(first.Renew(late with { Length = Long }), "a lease that ran out and is renewed", "one that is not");
        Expect.Equal(null, second.TryClaim(Claim(1, Long)), "a claim of a trial whose lease was renewed");

        static bool IsFreed(TrialChange change) => change is { Number: 1, Kind: TrialChangeKind.Freed };
    }

    private static void CheckFencing(StoreSubject stores)
    {
        TrialResult other = Result(0) with { Score = 9 };
        using (SharedTrialLog first = stores.Share("fencing"), second = stores.Share("fencing"))
        {
            TrialLease lease = Require(first.TryClaim(Claim(0, Short)), "a claim");
            TrialLease taken = Require(Eventually(() => second.TryClaim(Claim(0, Long))), "a claim of a trial whose lease has run out");
            Expect.That(!first.Complete(lease, other), "a lost lease that does not complete its trial", "one that does");
            first.Release(lease);
            Expect.Equal(null, first.TryClaim(Claim(0, Long)), "a claim after the loser has released what it had not");
            Expect.That(second.Complete(taken, Result(0)), "the newest lease that completes its trial", "one that does not");
            Expect.That(!first.Complete(lease, other), "a lost lease that does not complete a completed trial", "one that does");

            TrialLease late = Require(first.TryClaim(Claim(1, Short)), "a claim");
            Thread.Sleep(2 * Short);
            Expect.That(first.Complete(late, Result(1)), "a lease that ran out and that nobody took completes its trial", "it does not");
        }
        stores.ExpectKept("fencing", Result(0), Result(1));
    }

    private static void CheckCompletion(StoreSubject stores)
    {
        TrialResult again = Result(0) with { Score = 9 };
        using (SharedTrialLog first = stores.Share("completion"), second = stores.Share("completion"))
        {
            TrialLease lease = Require(first.TryClaim(Claim(0, Long)), "a claim");
            Expect.That(first.Complete(lease, Result(0)), "a lease that completes its trial", "one that does not");
            Expect.That(first.Complete(lease, Result(0)), "the same call again, which says the same", "that the lease was lost");
            Expect.That(!first.Renew(lease), "a lease of a completed trial that is not renewed", "one that is");
            Expect.Equal(null, second.TryClaim(Claim(0, Long)), "a claim of a completed trial");
            Expect.Throws<ArgumentException>(
                () => first.Complete(Require(first.TryClaim(Claim(1, Long)), "a claim"), Result(2)), "a result of another trial");

            TrialLease over = Require(second.TryClaim(Claim(0, Long) with { After = lease.Epoch }), "a claim that supersedes a result");
            Expect.Equal(0, over.Lost, "the number of lost claims since the trial was completed");
            using (TrialLog third = stores.Share("completion"))
                Expect.Equal(Result(0), third.Recorded.Single(), "the result of a trial that is being run again");
            Expect.That(second.Complete(over, again), "a lease that completes its trial again", "one that does not");
            Expect.Equal(null, first.TryClaim(Claim(0, Long) with { After = lease.Epoch }), "a claim that supersedes an older result");
        }
        stores.ExpectKept("completion", again);
    }

    private static void CheckRelease(StoreSubject stores)
    {
        using SharedTrialLog first = stores.Share("release"), second = stores.Share("release");
        Require(first.TryClaim(Claim(0, Short)), "a claim");
        TrialLease taken = Require(Eventually(() => second.TryClaim(Claim(0, Long))), "a claim of a trial whose lease has run out");
        second.Release(taken);
        Expect.That(!second.Complete(taken, Result(0)), "a released lease that completes nothing", "one that does");
        TrialLease free = Require(first.TryClaim(Claim(0, Long)), "a claim of a trial that was released");
        Expect.That(free.Epoch > taken.Epoch, $"an epoch above {taken.Epoch} for a later claim", $"{free.Epoch}");
        Expect.Equal(0, free.Lost, "the number of lost claims since a trial was released");

        // A log that is closed has no use for its leases.
        first.Dispose();
        Expect.Equal(1, Require(second.TryClaim(Claim(0, Long)), "a claim of a trial whose log was closed").Lost, "its lost claims");
    }

    private static void CheckChanges(StoreSubject stores)
    {
        using SharedTrialLog first = stores.Share("changes"), second = stores.Share("changes");
        TrialLease lease = Require(first.TryClaim(Claim(0, Long)), "a claim");
        TrialLease other = Require(first.TryClaim(Claim(1, Long)), "a claim");
        TrialChanges begun = second.ReadSince(0);
        ExpectLast(begun, 0, lease.Epoch, TrialChangeKind.Claimed);
        ExpectLast(begun, 1, other.Epoch, TrialChangeKind.Claimed);
        first.Complete(lease, Result(0));
        TrialChanges ended = second.ReadSince(begun.Cursor);
        ExpectLast(ended, 0, lease.Epoch, TrialChangeKind.Ended);
        Expect.Equal(Result(0), ended.Changes.Last(change => change.Number == 0).Result, "the result that another process found");
        first.Release(other);
        ExpectLast(second.ReadSince(ended.Cursor), 1, other.Epoch, TrialChangeKind.Freed);
        using SharedTrialLog third = stores.Share("changes");
        ExpectLast(third.ReadSince(0), 0, lease.Epoch, TrialChangeKind.Ended);

        static void ExpectLast(TrialChanges changes, int number, long epoch, TrialChangeKind kind)
        {
            TrialChange[] found = [.. changes.Changes.Where(change => change.Stage == 0 && change.Number == number)];
            Expect.That(found.Length > 0, $"a change of trial {number}: {kind}", "none");
            Expect.Equal((epoch, kind), (found[^1].Epoch, found[^1].Kind), $"the last change of trial {number}");
        }
    }

    private static void CheckSearch(StoreSubject stores, TrialStoreContractOptions options)
    {
        CoarseToFineSearch search = SmallSearch.Of(SmallSearch.Space, 8) with { Pruner = new Search.Pruners.MedianPruner() };
        TrialResult[] expected = SmallSearch.Results(search, new InlineExecutor());
        var found = new TrialResult[options.Threads][];
        int runs = 0;
        Concurrently.Run(options.Threads, i =>
        {
            // A store that loses a trial would let the search wait for ever.
            using var patience = new CancellationTokenSource(Patience);
            var run = new SearchRunOptions { Executor = new ThreadExecutor(1), Store = stores.Store("search") };
            SearchResult result = SmallSearch.ResultOf(() => search.Run(Objective, run, patience.Token));
            found[i] = [.. result.Stages.SelectMany(stage => stage.Results).Select(trial => trial with { Seconds = 0, Run = null })];
        });
        foreach (TrialResult[] results in found)
            SmallSearch.ExpectSame(expected, results, $"run by {options.Threads} processes");
        Expect.Equal(search.TotalTrials, runs, "how often all processes together have called the objective");

        TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref runs);
            return SmallSearch.Objective(trial, context, cancellationToken);
        }
    }

    private static void CheckArguments(StoreSubject stores)
    {
        SharedTrialLog log = stores.Share("arguments");
        TrialLease lease = Require(log.TryClaim(Claim(0, Long)), "a claim");
        Expect.Throws<ArgumentNullException>(() => log.TryClaim(null!), "TryClaim with null");
        Expect.Throws<ArgumentNullException>(() => log.Renew(null!), "Renew with null");
        Expect.Throws<ArgumentNullException>(() => log.Complete(null!, Result(0)), "Complete without a lease");
        Expect.Throws<ArgumentNullException>(() => log.Complete(lease, null!), "Complete without a result");
        Expect.Throws<ArgumentNullException>(() => log.Release(null!), "Release with null");
        log.Dispose();
        Expect.Throws<ObjectDisposedException>(() => log.TryClaim(Claim(1, Long)), "TryClaim after the log was closed");
        Expect.Throws<ObjectDisposedException>(() => log.Complete(lease, Result(0)), "Complete after the log was closed");
        Expect.Throws<ObjectDisposedException>(() => log.ReadSince(0), "ReadSince after the log was closed");
        stores.ExpectKept("arguments");
    }

    // Leases end on the store's clock, which nobody can hurry.
    private static TrialLease? Eventually(Func<TrialLease?> attempt)
    {
        DateTime end = DateTime.UtcNow + Patience;
        TrialLease? lease;
        while ((lease = attempt()) is null && DateTime.UtcNow < end)
            Thread.Sleep(10);
        return lease;
    }
}
