using DeepLearn.Search.Executors;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// Hands out the trials of a stage in order, each as soon as the trials that it may see have ended, and keeps their results.
/// </summary>
internal sealed class StageQueue : ITrialQueue, IDisposable
{
    // How long a waiting thread leaves taken trials to the threads that took them.
    private const int PatienceInMilliseconds = 10;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);

    private readonly StagePlan _plan;
    private readonly CancellationToken _stop;
    private readonly IStageTrials _trials;
    private readonly TrialLedger _ledger;
    private readonly CancellationTokenRegistration _wake;

    // If trials wait for each other: the trials that an executor has taken and not begun.
    private readonly List<StageJob> _taken = [];
    private readonly JobsElsewhere _elsewhere;
    private readonly object _lock = new();
    private int _next;
    private int _end;
    private int _underWay;

    /// <summary>Makes a queue.</summary>
    /// <param name="plan">The trials.</param>
    /// <param name="trials">What is done with them.</param>
    /// <param name="stop">Ends the queue.</param>
    public StageQueue(StagePlan plan, IStageTrials trials, CancellationToken stop)
    {
        _plan = plan;
        _trials = trials;
        _stop = stop;
        _end = plan.Count;
        _ledger = new TrialLedger(plan.Count, plan.Window);
        _elsewhere = new JobsElsewhere(trials, _lock, Finish);
        _wake = stop.Register(() =>
        {
            lock (_lock)
                Monitor.PulseAll(_lock);
        });
    }

    public int Count => Volatile.Read(ref _end) - Volatile.Read(ref _next);

    /// <summary>Whether every trial has ended.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
                return _ledger.Prefix >= _end;
        }
    }

    public Action? Take()
    {
        TimeSpan pause = ShortestPause;
        while (true)
        {
            StageJob? job = null;
            lock (_lock)
            {
                if (WaitForTurn() is { } stuck)
                    job = stuck;
                else if (_stop.IsCancellationRequested || IsOver())
                    return null;
                else if (_elsewhere.TakeFreed() is { } freed)
                    job = freed;
                else if (_next < _end && HasTurn)
                    job = Next();
                else if (!_elsewhere.HasHeld)
                    return null;
                else
                    Monitor.Wait(_lock, pause);
            }
            long seen = job is null ? 0 : _trials.SeenOf(job.Index);
            if (job is null)
            {
                // What remains is other processes' work: it ends, or falls to this one.
                bool isNews = _elsewhere.Hear();
                pause = isNews ? ShortestPause : TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, _trials.Pause.Ticks));
            }
            else if (job.IsTaken)
                Run(job);
            else if (_trials.Resume(job.Index, job.History) is { } result)
                Finish(job.Index, result);
            else if (_trials.IsElsewhere(job.Index) || !_trials.TryClaim(job.Index, seen))
                Leave(job);
            else
                return Hand(job);
        }
    }

    /// <summary>Hears of what other processes did, and keeps their results.</summary>
    public void Hear() => _elsewhere.Hear();

    /// <summary>Leaves a trial to another process, which has taken it over.</summary>
    public void Leave(int index, TrialHistory history) => Leave(new StageJob(index, history));

    /// <summary>Keeps the result of a trial, or none where it was stopped.</summary>
    public void Finish(int index, TrialResult? result)
    {
        lock (_lock)
        {
            _ledger.Keep(index, result);
            while (_ledger.Prefix < _end && _ledger.Next is { } next)
            {
                _ledger.Advance();
                _trials.InOrder(next);
            }
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// Ends the stage after the trials that <c>inOrder</c> has been told of; later ones do not count, though they may have ended.
    /// </summary>
    public void EndAfterPrefix() => _end = _ledger.Prefix;

    /// <summary>The results so far, in order.</summary>
    public TrialResult[] Results()
    {
        lock (_lock)
            return _ledger.Results(_end);
    }

    public void Dispose() => _wake.Dispose();

    // Trial n waits for trials 0 to n - window.
    private bool HasTurn => _plan.Window == 0 || _ledger.Prefix > _next - _plan.Window;

    // An end that is found meanwhile makes the trial unneeded. Where nobody runs what it waits for, the first of the trials that were taken
    // and have not begun is given to it. Where other processes have something, they are to be listened to.
    private StageJob? WaitForTurn()
    {
        while (_next < _end && !HasTurn && !_elsewhere.HasFreed && !_stop.IsCancellationRequested)
        {
            bool isShared = _elsewhere.HasHeld;
            if (IsStuck)
            {
                if (!Monitor.Wait(_lock, PatienceInMilliseconds) && IsStuck)
                    return _taken[0];
            }
            else if (isShared)
                return null;
            else
                Monitor.Wait(_lock);
        }
        return null;
    }

    private bool IsStuck => _underWay == 0 && _taken.Count > 0;

    private StageJob Next()
    {
        int index = _next++;
        return new StageJob(index, _ledger.HistoryOf(index));
    }

    // The trials that were taken are the last ones then, up to the first that another process still has, so that the results have no gap.
    private bool IsOver()
    {
        if (!_trials.IsOver())
            return false;
        _end = Math.Min(_end, Math.Min(_elsewhere.First ?? _next, _next));
        Monitor.PulseAll(_lock);
        return true;
    }

    private void Leave(StageJob job)
    {
        lock (_lock)
        {
            _elsewhere.Leave(job);
            Monitor.PulseAll(_lock);
        }
    }

    private Action Hand(StageJob job)
    {
        lock (_lock)
        {
            job.IsTaken = true;
            if (_plan.Window > 0)
                _taken.Add(job);
            Monitor.PulseAll(_lock);
        }
        return () => Run(job);
    }

    private void Run(StageJob job)
    {
        lock (_lock)
        {
            if (job.HasBegun)
                return;
            job.HasBegun = true;
            _taken.Remove(job);
            _underWay++;
        }
        _trials.Run(job.Index, job.History);
        lock (_lock)
        {
            _underWay--;
            Monitor.PulseAll(_lock);
        }
    }

}
