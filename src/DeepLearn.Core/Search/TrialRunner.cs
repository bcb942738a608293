using System.Runtime.ExceptionServices;
using DeepLearn.Foundation;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Runs the trials that the store does not hold yet, and keeps each as it ends.</summary>
internal sealed class TrialRunner : IDisposable
{
    private readonly HyperparameterSearch _search;
    private readonly TrialEvaluator _evaluator;
    private readonly SearchRunOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly TrialLog? _log;
    private readonly StoredTrials _stored;
    private readonly EndWatch _ends;
    private readonly Lock _lock = new();
    private (int Index, ExceptionDispatchInfo Exception)? _failure;
    private int _finished;
    private int _failuresInARow;
    private bool _isClosed;

    public TrialRunner(
        HyperparameterSearch search, TrialObjective objective, SearchRunOptions options, CancellationToken cancellationToken)
    {
        _search = search;
        _options = options;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _evaluator = new TrialEvaluator(
            search, objective, options, (trial, report) => Tell(SearchProgressKind.Reported, trial, report: report), _stop.Token);
        try
        {
            _log = options.Store?.Open(search.Identity());
        }
        catch
        {
            _stop.Dispose();
            throw;
        }
        _stored = new StoredTrials(_log, options.RunFailedAgain);
        _ends = new EndWatch(new TrialRanking(search.Goals), options);
    }

    /// <summary>The end that was met, of those that the options ask for; null if none was.</summary>
    public SearchEnd? End => _ends.End;

    /// <summary>Why so many trials failed that the search was stopped; null if it was not.</summary>
    public string? Failures { get; private set; }

    /// <summary>The results of the trials in order, without canceled ones.</summary>
    public TrialResult[] Run(StagePlan plan, out bool complete)
    {
        StageQueue queue = null!;
        ProcessorShare share = Share(plan);
        using (queue = new StageQueue(
            plan,
            (index, history) => Resume(plan, index, history),
            (index, history) => RunOne(plan, queue, index, history, share),
            result => InOrder(queue, result),
            _ends.IsTimeOver,
            _stop.Token))
        {
            Execute(queue);
            _failure?.Exception.Throw();
            complete = queue.IsComplete;
            if (!complete && !_stop.IsCancellationRequested)
                throw new InvalidOperationException($"The executor ({_options.Executor}) returned before every trial was run.");
            return queue.Results();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _log?.Dispose();
        }
        _stop.Dispose();
    }

    // On a thread of its own: a trial that does not stop when it is asked to cannot block the thread that runs the search.
    private void Execute(ITrialQueue queue)
    {
        using var stopped = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            try
            {
                _options.Executor.Execute(queue);
            }
            catch (Exception exception)
            {
                Stop(exception);
            }
        })
        {
            IsBackground = true,
            Name = "Search",
        };
        using CancellationTokenRegistration registration = _stop.Token.Register(stopped.Set);
        thread.Start();
        while (!stopped.IsSet)
        {
            if (thread.Join(10))
                return;
        }
        thread.Join(_options.StopTimeout);
    }

    /// <summary>The result of a trial that is not to be run: the store holds it, or counts too many processes that ended in it.</summary>
    private TrialResult? Resume(StagePlan plan, int index, TrialHistory history)
    {
        try
        {
            TrialResult? result = _stored.Find(
                plan.Stage, plan.NumberOf(index), index, plan.IsCheap, () => plan.Choose(index, history));
            if (result is null)
                return null;
            Tell(SearchProgressKind.Resumed, result.Trial, result);
            return result;
        }
        catch (Exception exception)
        {
            Stop(exception, index);
            return null;
        }
    }

    // Never throws: what must stop the search is kept for the thread that runs it.
    private void RunOne(StagePlan plan, StageQueue queue, int index, TrialHistory history, ProcessorShare share)
    {
        TrialResult? result = null;
        try
        {
            if (!_stop.IsCancellationRequested)
                result = RunOne(plan.Choose(index, history), history, share);
        }
        catch (Exception exception)
        {
            Stop(exception, index);
        }
        queue.Finish(index, result);
    }

    private TrialResult? RunOne(Trial trial, TrialHistory history, ProcessorShare share)
    {
        Tell(SearchProgressKind.Started, trial);
        TrialResult? result = TrialEvaluator.Crashed(trial, Log(log => log.StartsOf(trial)) ?? 0, _options.Crashes);
        if (result is null)
        {
            Log(log => log.Start(trial));
            result = _evaluator.Evaluate(trial, _search.Pruner.UsesHistory ? history : TrialHistory.Empty, share);
        }
        lock (_lock)
        {
            // A trial that was given up as stuck may still end later, when no thread waits for it.
            if (_isClosed)
                return null;
            if (result is null)
                _log?.Abandon(trial);
            else
                _log?.Append(result);
        }
        if (result is not null)
            Tell(SearchProgressKind.Finished, trial, result);
        return result;
    }

    private int? Log(Func<TrialLog, int> read)
    {
        lock (_lock)
            return _isClosed || _log is null ? null : read(_log);
    }

    private void Log(Action<TrialLog> write)
    {
        lock (_lock)
        {
            if (!_isClosed && _log is not null)
                write(_log);
        }
    }

    // Called with one result at a time, in the order of the trials.
    private void InOrder(StageQueue queue, TrialResult result)
    {
        if (_ends.End is null && _ends.EndsWith(result))
        {
            // Whatever is under way comes after the end, and is left for another run.
            queue.EndAfterPrefix();
            _ = _stop.CancelAsync();
            return;
        }
        _failuresInARow = result.State == TrialState.Failed ? _failuresInARow + 1 : 0;
        if (_failuresInARow < _options.FailuresInARow || Failures is not null)
            return;
        Failures =
            $"{_failuresInARow} trials in a row failed, the last, {result.Trial}, with: {result.Error} Mend the cause and run the search "
            + $"again, from its store with {nameof(SearchRunOptions.RunFailedAgain)}; or raise {nameof(SearchRunOptions.FailuresInARow)}.";
        _ = _stop.CancelAsync();
    }

    // Of several failures that of the first trial is told. A trial is looked at after those before it were taken, and what is taken is
    // looked at to the end: so which one is told does not depend on which thread came first.
    private void Stop(Exception exception, int index = int.MaxValue)
    {
        lock (_lock)
        {
            if (_failure is not { } earlier || index < earlier.Index)
                _failure = (index, ExceptionDispatchInfo.Capture(exception));
        }
        _ = _stop.CancelAsync();
    }

    /// <summary>What each trial of a stage has where the others run beside it.</summary>
    private ProcessorShare Share(StagePlan plan)
    {
        int atOnce = Math.Min(_options.Executor.Parallelism, Math.Max(1, plan.Count - _stored.CountOf(plan.Stage)));
        return ProcessorShare.OfOneIn(Math.Max(1, plan.Window > 0 ? Math.Min(atOnce, plan.Window) : atOnce));
    }

    private void Tell(SearchProgressKind kind, Trial trial, TrialResult? result = null, TrialReport? report = null)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            if (result is not null)
                _finished++;
            _options.Progress?.Report(new SearchProgress(kind, trial, _finished, _search.TotalTrials) { Result = result, Report = report });
        }
    }
}
