using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Testing.Tests;

public sealed class SharedTrialStoreFaultTests
{
    private enum Fault
    {
        None,
        OneAtATime,
        ClaimsTwice,
        ClaimsByNumberAlone,
        RenewsWhatWasLost,
        RenewsNothing,
        CountsNoLostClaims,
        CompletesWhatWasLost,
        RefusesLateCompletions,
        CompletesOnlyOnce,
        ClaimsWhatIsCompleted,
        SupersedesNothing,
        ReleasesNothing,
        RemembersLostClaims,
        KeepsLeasesWhenClosed,
        HidesReleases,
        TakesNull,
    }

    public static TheoryData<Planted> Faults =>
    [
        Of("several processes have the store at a time", Fault.OneAtATime),
        Of("one process at a time claims a trial", Fault.ClaimsByNumberAlone),
        Of("a lease that was not renewed may be taken", Fault.RenewsNothing),
        Of("a lost lease completes nothing", Fault.RefusesLateCompletions),
        Of("a completed trial is claimed only to supersede it", Fault.CompletesOnlyOnce),
        Of("a released trial is free and its lost claims are forgotten", Fault.RemembersLostClaims),
        Of("a released trial is free and its lost claims are forgotten", Fault.KeepsLeasesWhenClosed),
        Of("what others did is read from a cursor", Fault.HidesReleases),
        Of("claims refuse null and closed logs", Fault.TakesNull),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void TrialStoreContract_planted_fault_of_a_shared_store_is_found_by_its_check(Planted fault)
    {
        ContractReport report = fault.Report();
        Assert.True(report.Failures.Any(failure => failure.Name == fault.Check), $"Expected \"{fault.Check}\" to fail; found:\n{report}");
    }

    [Theory]
    [InlineData(nameof(Fault.ClaimsTwice))]
    [InlineData(nameof(Fault.RenewsWhatWasLost))]
    [InlineData(nameof(Fault.CountsNoLostClaims))]
    [InlineData(nameof(Fault.CompletesWhatWasLost))]
    [InlineData(nameof(Fault.ClaimsWhatIsCompleted))]
    [InlineData(nameof(Fault.SupersedesNothing))]
    [InlineData(nameof(Fault.ReleasesNothing))]
    public void TrialStoreContract_fault_of_a_shared_store_that_shows_in_many_places_is_found(string fault) =>
        Assert.NotEmpty(TrialStoreContract.Check(Open(Enum.Parse<Fault>(fault))).Failures);

    [Fact]
    public void TrialStoreContract_sound_shared_store_passes() => TrialStoreContract.Check(Open(Fault.None)).ThrowIfFailed();

    private static Planted Of(string check, Fault fault) => new(check, () => TrialStoreContract.Check(Open(fault)), $"{fault}");

    private static Func<string, TrialStore> Open(Fault fault)
    {
        var stores = new Dictionary<string, Faulty>();
        return name => stores.TryGetValue(name, out Faulty? store) ? store : stores[name] = new(fault);
    }

    /// <summary>A store in memory that several logs share.</summary>
    private sealed class Faulty(Fault fault) : SharedTrialStore
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<(int, int), Row> _rows = [];
        private readonly List<TrialChange> _changes = [];
        private readonly List<TrialResult> _results = [];
        private RunIdentity? _identity;
        private int _open;

        public override SharedTrialLog Open(RunIdentity identity)
        {
            ArgumentNullException.ThrowIfNull(identity);
            lock (_lock)
            {
                if (fault == Fault.OneAtATime && _open > 0)
                    throw new TrialStoreException("The store is in use.");
                if (_identity is not null)
                    identity.RequireSame(_identity, "The store");
                _identity = identity;
                _open++;
                return new Log(this, [.. _results], _rows.ToDictionary(row => row.Key, row => row.Value.Starts));
            }
        }

        private sealed class Row
        {
            public long Epoch { get; set; }

            public DateTime? Until { get; set; }

            public int Lost { get; set; }

            public long ResultEpoch { get; set; }

            public int Starts => Lost + (Until is null ? 0 : 1);
        }

        private sealed class Log(Faulty store, TrialResult[] recorded, Dictionary<(int, int), int> starts) : SharedTrialLog
        {
            private readonly HashSet<TrialLease> _leases = [];
            private bool _isClosed;

            private Fault Fault => store.FaultOf;

            // The checks' own leases, and not those of searches, which would wait for ever for what such a store has lost.
            private static bool IsLong(TimeSpan length) => length > TimeSpan.FromMinutes(30);

            public override IReadOnlyList<TrialResult> Recorded => recorded;

            public override TimeSpan Pause => TimeSpan.FromMilliseconds(5);

            public override int StartsOf(Trial trial)
            {
                ArgumentNullException.ThrowIfNull(trial);
                return starts.GetValueOrDefault((trial.Stage, trial.Number));
            }

            public override TrialLease? TryClaim(TrialClaim claim)
            {
                if (Fault != Fault.TakesNull || claim is not null)
                    ArgumentNullException.ThrowIfNull(claim);
                else
                    return null;
                lock (store._lock)
                {
                    ObjectDisposedException.ThrowIf(_isClosed, this);
                    (int, int) key = (Fault == Fault.ClaimsByNumberAlone && IsLong(claim.Length) ? 0 : claim.Stage, claim.Number);
                    if (!store._rows.TryGetValue(key, out Row? row))
                        store._rows[key] = row = new Row();
                    bool isCompleted = row.ResultEpoch > (Fault == Fault.SupersedesNothing ? 0 : claim.After);
                    bool isHeld = row.Until > DateTime.UtcNow && !claim.TakesOver;
                    if ((isCompleted && Fault != Fault.ClaimsWhatIsCompleted) || (isHeld && Fault != Fault.ClaimsTwice))
                        return null;
                    row.Lost = Fault == Fault.CountsNoLostClaims ? 0 : row.Starts;
                    row.Epoch++;
                    row.Until = DateTime.UtcNow + claim.Length;
                    var lease = new TrialLease(claim.Stage, claim.Number, row.Epoch, claim.Length) { Lost = row.Lost };
                    _leases.Add(lease);
                    store._changes.Add(new(claim.Stage, claim.Number, row.Epoch, TrialChangeKind.Claimed));
                    return lease;
                }
            }

            public override bool Renew(TrialLease lease)
            {
                ArgumentNullException.ThrowIfNull(lease);
                lock (store._lock)
                {
                    ObjectDisposedException.ThrowIf(_isClosed, this);
                    Row row = store._rows[(lease.Stage, lease.Number)];
                    if (Fault == Fault.RenewsWhatWasLost)
                        return true;
                    if (row.Epoch != lease.Epoch || row.Until is null)
                        return false;
                    if (Fault != Fault.RenewsNothing)
                        row.Until = DateTime.UtcNow + lease.Length;
                    return true;
                }
            }

            public override bool Complete(TrialLease lease, TrialResult result)
            {
                ArgumentNullException.ThrowIfNull(lease);
                ArgumentNullException.ThrowIfNull(result);
                if (result.Trial.Number != lease.Number || result.Trial.Stage != lease.Stage)
                    throw new ArgumentException("A result of another trial.", nameof(result));
                lock (store._lock)
                {
                    ObjectDisposedException.ThrowIf(_isClosed, this);
                    Row row = store._rows[(lease.Stage, lease.Number)];
                    if (row.ResultEpoch == lease.Epoch)
                        return Fault != Fault.CompletesOnlyOnce;
                    bool isLost = row.Epoch != lease.Epoch || row.Until is null;
                    if (Fault == Fault.RefusesLateCompletions && row.Until < DateTime.UtcNow)
                        isLost = true;
                    if (isLost && Fault != Fault.CompletesWhatWasLost)
                        return false;
                    (row.ResultEpoch, row.Until, row.Lost) = (lease.Epoch, null, 0);
                    store._results.RemoveAll(other => other.Trial.Stage == lease.Stage && other.Trial.Number == lease.Number);
                    store._results.Add(result);
                    store._changes.Add(new(lease.Stage, lease.Number, lease.Epoch, TrialChangeKind.Ended, result));
                    _leases.Remove(lease);
                    return true;
                }
            }

            public override void Release(TrialLease lease)
            {
                ArgumentNullException.ThrowIfNull(lease);
                lock (store._lock)
                {
                    ObjectDisposedException.ThrowIf(_isClosed, this);
                    Row row = store._rows[(lease.Stage, lease.Number)];
                    if (row.Epoch != lease.Epoch || Fault == Fault.ReleasesNothing)
                        return;
                    row.Until = null;
                    row.Lost = Fault == Fault.RemembersLostClaims ? row.Lost : 0;
                    if (Fault != Fault.HidesReleases || !IsLong(lease.Length))
                        store._changes.Add(new(lease.Stage, lease.Number, lease.Epoch, TrialChangeKind.Freed));
                }
            }

            public override TrialChanges ReadSince(long cursor)
            {
                lock (store._lock)
                {
                    ObjectDisposedException.ThrowIf(_isClosed, this);
                    return new(
                        [
                            .. store._changes.Skip((int)cursor),
                            .. store._rows.Where(row => row.Value.Until <= DateTime.UtcNow).Select(row =>
                                new TrialChange(row.Key.Item1, row.Key.Item2, row.Value.Epoch, TrialChangeKind.Freed)),
                        ],
                        store._changes.Count);
                }
            }

            public override void Dispose()
            {
                lock (store._lock)
                {
                    if (_isClosed)
                        return;
                    _isClosed = true;
                    store._open--;
                    foreach (TrialLease lease in _leases)
                    {
                        Row row = store._rows[(lease.Stage, lease.Number)];
                        if (row.Epoch == lease.Epoch && row.Until is not null && Fault != Fault.KeepsLeasesWhenClosed)
                            row.Until = DateTime.MinValue;
                    }
                }
            }
        }

        private Fault FaultOf => fault;
    }
}
