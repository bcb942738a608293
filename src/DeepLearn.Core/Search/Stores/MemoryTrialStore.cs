using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>Keeps trials in memory: a search that was canceled can go on in the same process.</summary>
public sealed class MemoryTrialStore : TrialStore
{
    private readonly Lock _lock = new();
    private readonly List<TrialResult> _trials = [];
    private RunIdentity? _identity;
    private bool _open;

    /// <summary>The trials kept so far, in the order in which they ended. A copy.</summary>
    public IReadOnlyList<TrialResult> Trials
    {
        get
        {
            lock (_lock)
                return [.. _trials];
        }
    }

    /// <inheritdoc/>
    public override TrialLog Open(RunIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        lock (_lock)
        {
            if (_open)
                throw new TrialStoreException("The store in memory is in use by another search; expected one at a time.");
            if (_identity is not null && _trials.Count > 0)
                identity.RequireSame(_identity, "The store in memory");
            _identity = identity;
            _open = true;
            return new Log(this, [.. _trials]);
        }
    }

    private sealed class Log(MemoryTrialStore store, IReadOnlyList<TrialResult> recorded) : TrialLog
    {
        public override IReadOnlyList<TrialResult> Recorded => recorded;

        public override void Append(TrialResult result)
        {
            ArgumentNullException.ThrowIfNull(result);
            lock (store._lock)
                store._trials.Add(result);
        }

        public override void Dispose()
        {
            lock (store._lock)
                store._open = false;
        }
    }
}
