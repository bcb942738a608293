using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>Keeps trials in memory: a search that was canceled can go on in the same process.</summary>
/// <example><code>
/// var options = new SearchRunOptions { Store = new MemoryTrialStore() };
/// search.Run(objective, options);
/// SearchResult more = new SingleStageSearch(space, trials: 12) { Seed = 1 }.Run(objective, options);    // four more
/// </code></example>
public sealed class MemoryTrialStore : TrialStore
{
    private readonly Lock _lock = new();
    private readonly List<TrialResult> _trials = [];
    private readonly Dictionary<(int Stage, int Number), int> _starts = [];
    private readonly HashSet<(int Stage, int Number)> _known = [];
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
            if (_identity is not null)
                identity.RequireSame(_identity, "The store in memory");
            _identity = identity;
            _open = true;
            return new Log(this, [.. _trials], new(_starts));
        }
    }

    private sealed class Log(
        MemoryTrialStore store, IReadOnlyList<TrialResult> recorded, Dictionary<(int Stage, int Number), int> earlier) : TrialLog
    {
        private bool _isClosed;

        public override IReadOnlyList<TrialResult> Recorded => recorded;

        public override int StartsOf(Trial trial)
        {
            ArgumentNullException.ThrowIfNull(trial);
            lock (store._lock)
                return earlier.GetValueOrDefault((trial.Stage, trial.Number));
        }

        public override void Start(Trial trial)
        {
            ArgumentNullException.ThrowIfNull(trial);
            lock (store._lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                store._starts[(trial.Stage, trial.Number)] = store._starts.GetValueOrDefault((trial.Stage, trial.Number)) + 1;
            }
        }

        public override void Abandon(Trial trial)
        {
            ArgumentNullException.ThrowIfNull(trial);
            lock (store._lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                store._starts.Remove((trial.Stage, trial.Number));
            }
        }

        public override void Append(TrialResult result)
        {
            ArgumentNullException.ThrowIfNull(result);
            Abandon(result.Trial);
            lock (store._lock)
            {
                (int Stage, int Number) key = (result.Trial.Stage, result.Trial.Number);
                if (!store._known.Add(key))
                    store._trials.RemoveAll(trial => (trial.Trial.Stage, trial.Trial.Number) == key);
                store._trials.Add(result);
            }
        }

        public override void Dispose()
        {
            lock (store._lock)
            {
                // Closed a second time, the store may be another's already.
                if (!_isClosed)
                    store._open = false;
                _isClosed = true;
            }
        }
    }
}
