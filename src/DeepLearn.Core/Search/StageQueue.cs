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

    private readonly StagePlan _plan;
    private readonly CancellationToken _stop;
    private readonly Func<int, TrialHistory, TrialResult?> _resume;
    private readonly Action<int, TrialHistory> _run;
    private readonly Action<TrialResult> _inOrder;
    private readonly Func<bool> _isOver;
    private readonly TrialLedger _ledger;
    private readonly CancellationTokenRegistration _wake;

    // If trials wait for each other: the trials that an executor has taken and not begun.
    private readonly List<Job> _taken = [];
    private readonly object _lock = new();
    private int _next;
    private int _end;
    private int _underWay;

    /// <summary>Makes a queue.</summary>
    /// <param name="plan">The trials.</param>
    /// <param name="resume">The result of a trial that an earlier run has made; null if it is to be run.</param>
    /// <param name="run">Runs a trial, and calls <see cref="Finish"/> if it ends. Never throws.</param>
    /// <param name="inOrder">
    /// Told of each result in the order of the trials, one call at a time; may call <see cref="EndAfterPrefix"/>.
    /// </param>
    /// <param name="isOver">Whether no further trial is to begin; those that were taken end.</param>
    /// <param name="stop">Ends the queue.</param>
    public StageQueue(
        StagePlan plan,
        Func<int, TrialHistory, TrialResult?> resume,
        Action<int, TrialHistory> run,
        Action<TrialResult> inOrder,
        Func<bool> isOver,
        CancellationToken stop)
    {
        _plan = plan;
        _resume = resume;
        _run = run;
        _inOrder = inOrder;
        _isOver = isOver;
        _stop = stop;
        _end = plan.Count;
        _ledger = new TrialLedger(plan.Count, plan.Window);
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
        while (true)
        {
            Job job;
            lock (_lock)
            {
                if (WaitForTurn() is { } stuck)
                    job = stuck;
                else if (_next >= _end || _stop.IsCancellationRequested || IsOver())
                    return null;
                else
                    job = Next();
            }
            if (job.IsTaken)
                Run(job);
            else if (_resume(job.Index, job.History) is { } result)
                Finish(job.Index, result);
            else
                return Hand(job);
        }
    }

    /// <summary>Keeps the result of a trial, or none where it was stopped.</summary>
    public void Finish(int index, TrialResult? result)
    {
        lock (_lock)
        {
            _ledger.Keep(index, result);
            while (_ledger.Prefix < _end && _ledger.Next is { } next)
            {
                _ledger.Advance();
                _inOrder(next);
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

    // Trial n waits for trials 0 to n - window; an end that is found meanwhile makes it unneeded. If no thread runs a trial that it waits
    // for, it gets the first of the trials that were taken and have not begun.
    private Job? WaitForTurn()
    {
        while (_next < _end && _plan.Window > 0 && _ledger.Prefix <= _next - _plan.Window && !_stop.IsCancellationRequested)
        {
            if (_underWay > 0 || _taken.Count == 0)
                Monitor.Wait(_lock);
            else if (!Monitor.Wait(_lock, PatienceInMilliseconds) && _underWay == 0 && _taken.Count > 0)
                return _taken[0];
        }
        return null;
    }

    private Job Next()
    {
        int index = _next++;
        return new Job(index, _ledger.HistoryOf(index));
    }

    // The trials that were taken are the last ones then, so that the results have no gap.
    private bool IsOver()
    {
        if (!_isOver())
            return false;
        _end = Math.Min(_end, _next);
        Monitor.PulseAll(_lock);
        return true;
    }

    private Action Hand(Job job)
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

    private void Run(Job job)
    {
        lock (_lock)
        {
            if (job.HasBegun)
                return;
            job.HasBegun = true;
            _taken.Remove(job);
            _underWay++;
        }
        _run(job.Index, job.History);
        lock (_lock)
        {
            _underWay--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A trial on its way: from its turn to its beginning.</summary>
    private sealed class Job(int index, TrialHistory history)
    {
        public int Index => index;

        public TrialHistory History => history;

        /// <summary>Whether it was given to an executor.</summary>
        public bool IsTaken { get; set; }

        /// <summary>Whether it has begun.</summary>
        public bool HasBegun { get; set; }
    }
}
