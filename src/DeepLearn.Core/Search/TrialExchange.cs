using System.Diagnostics;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// What a process has with the others that run the same search: it claims trials, keeps its claims alive, and hears of what the others did.
/// To be used from any thread.
/// </summary>
internal sealed class TrialExchange : IDisposable
{
    private readonly SharedTrialLog _log;
    private readonly SearchRunOptions _options;
    private readonly StorePatience _store;
    private readonly LeaseKeeper _leases;
    private readonly HeardTrials _heard;
    private readonly Action<TrialResult> _ended;
    private readonly Lock _lock = new();
    private long _cursor;
    private long _listened;
    private bool _isClosed;

    /// <summary>Reads what the store holds.</summary>
    /// <param name="log">The log, which is closed with the exchange.</param>
    /// <param name="options">Leases and patience.</param>
    /// <param name="ended">Told of each result of another process, once the exchange is made; it must not call back.</param>
    /// <param name="differed">Told of two results of one trial that differ; likewise.</param>
    /// <param name="listen">Called from time to time, to look at what was heard; an exception stops the search.</param>
    /// <param name="failed">Told of an exception on the thread that keeps claims alive.</param>
    /// <param name="stop">Ends the patience with a store that cannot be reached.</param>
    public TrialExchange(
        SharedTrialLog log,
        SearchRunOptions options,
        Action<TrialResult> ended,
        Action<TrialDifference> differed,
        Action listen,
        Action<Exception> failed,
        CancellationToken stop)
    {
        (_log, _options, _store) = (log, options, new StorePatience(options.StoreTimeout, _lock, stop));
        (_heard, _ended) = (new HeardTrials(differed), _ => { });
        _leases = new LeaseKeeper(log, _lock, options.Lease, listen, failed);
        _store.Call(Hear);
        Recorded = [.. _heard.Results];
        _ended = ended;
    }

    /// <summary>The trials that the store held when it was opened.</summary>
    public IReadOnlyList<TrialResult> Recorded { get; }

    /// <summary>How long to wait, at the most, before others are listened to again.</summary>
    public TimeSpan Pause => _log.Pause;

    /// <summary>Begins to keep claims alive.</summary>
    public void Begin() => _leases.Begin();

    /// <summary>Whether another process has a trial, as far as was heard.</summary>
    public bool IsElsewhere(int stage, int number)
    {
        lock (_lock)
            return _heard.IsHeld(stage, number) && _leases.Find(stage, number) is null;
    }

    /// <summary>The claim of the latest result that was heard of a trial; 0 for none.</summary>
    public long SeenOf(int stage, int number)
    {
        lock (_lock)
            return _heard.ResultEpochOf(stage, number);
    }

    /// <summary>Claims a trial, also one with a result that does not count.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="number">The number.</param>
    /// <param name="seen">The claim of that result. With a later one, heard meanwhile, the trial is not claimed.</param>
    /// <returns>Whether it is this process's now.</returns>
    public bool TryClaim(int stage, int number, long seen)
    {
        var claim = new TrialClaim(stage, number, _options.Worker, _options.Lease) { After = seen };
        TrialLease? lease = _store.Call(() => _log.TryClaim(claim));
        if (lease is null)
        {
            Listen();
            return false;
        }
        _leases.Add(lease);
        return true;
    }

    /// <summary>The lease of a trial that this process has claimed.</summary>
    public TrialLease LeaseOf(Trial trial) => _leases.Find(trial.Stage, trial.Number)
        ?? throw new InvalidOperationException($"Expected a trial that this process has claimed; found {trial}.");

    /// <summary>Completes a trial.</summary>
    /// <returns>
    /// The result that counts: this one, or where the lease was lost another process's; null where that one is still at it.
    /// </returns>
    public TrialResult? Complete(TrialLease lease, TrialResult result)
    {
        bool counts = _store.Call(() => _log.Complete(lease, result));
        _leases.Remove(lease);
        if (counts)
            return result;
        _store.Call(Hear);
        lock (_lock)
            return _heard.TakeLate(lease, result);
    }

    /// <summary>Gives a trial back.</summary>
    public void Release(TrialLease lease)
    {
        _leases.Remove(lease);
        try
        {
            _store.Call(() => _log.Release(lease));
        }
        catch (TrialStoreUnavailableException)
        {
            // Its lease runs out by itself.
        }
    }

    /// <summary>Gives a trial back, if this process has it.</summary>
    public void GiveBack(int stage, int number)
    {
        if (_leases.Find(stage, number) is { } lease)
            Release(lease);
    }

    /// <summary>Hears of what the others did, unless that was asked an instant ago.</summary>
    public void Listen()
    {
        lock (_lock)
        {
            if (_listened != 0 && Stopwatch.GetElapsedTime(_listened).TotalMilliseconds < 1)
                return;
        }
        _store.Call(Hear);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leases.Dispose();
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _log.Dispose();
        }
    }

    // Within the lock, or before there are other threads.
    private void Hear()
    {
        TrialChanges changes = _log.ReadSince(_cursor);
        foreach (TrialChange change in changes.Changes)
        {
            if (_heard.Take(change) is { } result)
                _ended(result);
        }
        _cursor = changes.Cursor;
        _listened = Stopwatch.GetTimestamp();
    }
}
