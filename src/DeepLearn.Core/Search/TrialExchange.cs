using System.Diagnostics;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// What a process has with the others that run the same search: it claims trials, keeps its claims alive, and hears of what the others did.
/// To be used from any thread.
/// </summary>
internal sealed partial class TrialExchange : IDisposable
{
    private readonly SharedTrialLog _log;
    private readonly SearchRunOptions _options;
    private readonly StorePatience _store;
    private readonly Action<TrialResult> _heard;
    private readonly Action<TrialDifference> _differed;
    private readonly Dictionary<(int Stage, int Number), Known> _known = [];
    private readonly Dictionary<(int Stage, int Number), TrialLease> _leases = [];
    private readonly Dictionary<(int Stage, int Number), TrialResult> _late = [];
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _keeper;
    private long _cursor;
    private long _listened;
    private bool _isClosed;

    /// <summary>Reads what the store holds.</summary>
    /// <param name="log">The log, which is closed with the exchange.</param>
    /// <param name="options">Leases and patience.</param>
    /// <param name="heard">Told of each result of another process, once the exchange is made; it must not call back.</param>
    /// <param name="differed">Told of two results of one trial that differ; likewise.</param>
    /// <param name="listen">Called from time to time, to look at what was heard; an exception stops the search.</param>
    /// <param name="failed">Told of an exception on the thread that keeps claims alive.</param>
    /// <param name="stop">Ends the patience with a store that cannot be reached.</param>
    public TrialExchange(
        SharedTrialLog log,
        SearchRunOptions options,
        Action<TrialResult> heard,
        Action<TrialDifference> differed,
        Action listen,
        Action<Exception> failed,
        CancellationToken stop)
    {
        (_log, _options, _store) = (log, options, new StorePatience(options.StoreTimeout, _lock, stop));
        (_heard, _differed) = (_ => { }, differed);
        _store.Call(Hear);
        Recorded = [.. _known.Values.Select(known => known.Result).OfType<TrialResult>()];
        _heard = heard;
        _keeper = new Thread(() => Keep(listen, failed)) { IsBackground = true, Name = "Search leases" };
    }

    /// <summary>The trials that the store held when it was opened.</summary>
    public IReadOnlyList<TrialResult> Recorded { get; }

    /// <summary>How long to wait, at the most, before others are listened to again.</summary>
    public TimeSpan Pause => _log.Pause;

    /// <summary>Begins to keep claims alive.</summary>
    public void Begin() => _keeper.Start();

    /// <summary>Whether another process has a trial, as far as was heard.</summary>
    public bool IsElsewhere(int stage, int number)
    {
        lock (_lock)
            return _known.TryGetValue((stage, number), out Known? known) && known.IsHeld && !_leases.ContainsKey((stage, number));
    }

    /// <summary>The claim of the latest result that was heard of a trial; 0 for none.</summary>
    public long SeenOf(int stage, int number)
    {
        lock (_lock)
            return _known.TryGetValue((stage, number), out Known? known) ? known.ResultEpoch : 0;
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
        lock (_lock)
            _leases[(stage, number)] = lease;
        return true;
    }

    /// <summary>The lease of a trial that this process has claimed.</summary>
    public TrialLease LeaseOf(Trial trial)
    {
        lock (_lock)
            return _leases[(trial.Stage, trial.Number)];
    }

    /// <summary>Completes a trial.</summary>
    /// <returns>
    /// The result that counts: this one, or where the lease was lost another process's; null where that one is still at it.
    /// </returns>
    public TrialResult? Complete(TrialLease lease, TrialResult result)
    {
        bool counts = _store.Call(() => _log.Complete(lease, result));
        lock (_lock)
        {
            _leases.Remove((lease.Stage, lease.Number));
            if (counts)
                return result;
        }
        _store.Call(Hear);
        lock (_lock)
        {
            (int, int) key = (lease.Stage, lease.Number);
            if (_known.GetValueOrDefault(key) is { Result: { } other } known && known.ResultEpoch > lease.Epoch)
            {
                Compare(other, result);
                return other;
            }
            _late[key] = result;
            return null;
        }
    }

    /// <summary>Gives a trial back.</summary>
    public void Release(TrialLease lease)
    {
        lock (_lock)
            _leases.Remove((lease.Stage, lease.Number));
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
        TrialLease? lease;
        lock (_lock)
            lease = _leases.GetValueOrDefault((stage, number));
        if (lease is not null)
            Release(lease);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Set();
        if (_keeper.IsAlive && _keeper != Thread.CurrentThread)
            _keeper.Join();
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _log.Dispose();
        }
    }

    private void Keep(Action listen, Action<Exception> failed)
    {
        TimeSpan pause = _options.Lease / 3;
        while (!_closing.Wait(pause))
        {
            try
            {
                foreach (TrialLease lease in Leases())
                {
                    lock (_lock)
                    {
                        if (!_isClosed)
                            _log.Renew(lease);
                    }
                }
                pause = _options.Lease / 3;
                listen();
            }
            catch (TrialStoreUnavailableException)
            {
                // The lease may still be had when the store comes back.
                pause = TimeSpan.FromTicks(Math.Min((_options.Lease / 3).Ticks, TimeSpan.FromSeconds(1).Ticks));
            }
            catch (Exception exception)
            {
                failed(exception);
                return;
            }
        }
    }

    private TrialLease[] Leases()
    {
        lock (_lock)
            return [.. _leases.Values];
    }
}
