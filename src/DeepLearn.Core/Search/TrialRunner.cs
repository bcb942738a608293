using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Runs the trials that the store does not hold yet, and keeps each as it ends.</summary>
internal sealed class TrialRunner : IDisposable
{
    private readonly HyperparameterSearch _search;
    private readonly TrialObjective _objective;
    private readonly SearchRunOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly TrialLog? _log;
    private readonly Dictionary<(int Stage, int Number), TrialResult> _recorded = [];
    private readonly Lock _lock = new();
    private ExceptionDispatchInfo? _failure;
    private int _finished;

    public TrialRunner(HyperparameterSearch search, TrialObjective objective, SearchRunOptions options, CancellationToken cancellationToken)
    {
        _search = search;
        _objective = objective;
        _options = options;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            _log = options.Store?.Open(search.Identity());
        }
        catch
        {
            _stop.Dispose();
            throw;
        }
        foreach (TrialResult result in _log?.Recorded ?? [])
            _recorded[(result.Trial.Stage, result.Trial.Number)] = result;
    }

    /// <summary>The results of the trials in order; those that were canceled are missing.</summary>
    public TrialResult[] Run(IReadOnlyList<Trial> trials, out bool complete)
    {
        var results = new TrialResult?[trials.Count];
        for (int i = 0; i < results.Length; i++)
            results[i] = Resume(trials[i]);
        int size;
        for (int start = 0; start < results.Length && !_stop.IsCancellationRequested; start += size)
        {
            size = Math.Min(Math.Max(1, _search.Pruner.GroupSize), results.Length - start);
            TrialResult[] earlier = [.. results.Take(start).OfType<TrialResult>()];
            int[] missing = [.. Enumerable.Range(start, size).Where(index => results[index] is null)];
            ProcessorShare processors = ShareOfProcessors(missing.Length);
            Action[] jobs = [.. missing.Select<int, Action>(index => () => results[index] = RunOne(trials[index], earlier, processors))];
            if (jobs.Length > 0)
                _options.Executor.Execute(jobs, _stop.Token);
            _failure?.Throw();
        }
        complete = Array.TrueForAll(results, result => result is not null);
        if (!complete && !_stop.IsCancellationRequested)
            throw new InvalidOperationException($"The executor ({_options.Executor}) returned before every trial was run.");
        return [.. results.OfType<TrialResult>()];
    }

    public void Dispose()
    {
        _stop.Dispose();
        _log?.Dispose();
    }

    private TrialResult? Resume(Trial trial)
    {
        if (!_recorded.TryGetValue((trial.Stage, trial.Number), out TrialResult? result))
            return null;
        if (result.Trial != trial)
        {
            throw new IdentityMismatchException(
                "The store", $"trial {trial.Number} of stage {trial.Stage}", Describe(trial), Describe(result.Trial));
        }
        Tell(SearchProgressKind.Resumed, trial, result);
        return result;

        static string Describe(Trial trial) => $"{trial.Point}, budget {trial.Budget}, seed {trial.Seed}";
    }

    /// <summary>What each trial of a group has where the others run beside it.</summary>
    private ProcessorShare ShareOfProcessors(int jobs) =>
        ProcessorShare.OfOneIn(Math.Max(1, Math.Min(_options.Executor.Parallelism, jobs)));

    // Never throws: what must stop the search is kept for the thread that runs it.
    private TrialResult? RunOne(Trial trial, IReadOnlyList<TrialResult> earlier, ProcessorShare processors)
    {
        try
        {
            Tell(SearchProgressKind.Started, trial);
            if (Evaluate(trial, earlier, processors) is not { } result)
                return null;
            lock (_lock)
                _log?.Append(result);
            Tell(SearchProgressKind.Finished, trial, result);
            return result;
        }
        catch (Exception exception)
        {
            lock (_lock)
                _failure ??= ExceptionDispatchInfo.Capture(exception);
            try
            {
                _stop.Cancel();
            }
            catch (AggregateException)
            {
                // An objective's own cancellation callback failed; the failure that is kept came first.
            }
            return null;
        }
    }

    // Null where the search was asked to stop: what an objective returns or throws then may be half a trial's.
    private TrialResult? Evaluate(Trial trial, IReadOnlyList<TrialResult> earlier, ProcessorShare processors)
    {
        ExceptionDispatchInfo? ours = null;
        var context = new TrialContext((report, reports) =>
        {
            try
            {
                Tell(SearchProgressKind.Reported, trial, report: report);
                return !_search.Pruner.ShouldStop(new(trial, reports, earlier, _search.Direction));
            }
            catch (Exception exception)
            {
                ours = ExceptionDispatchInfo.Capture(exception);
                throw;
            }
        })
        {
            Processors = processors,
        };
        TrialOutcome? outcome = null;
        string? error = null;
        long begin = Stopwatch.GetTimestamp();
        try
        {
            outcome = _objective(trial, context, _stop.Token);
            if (outcome is null)
                error = "The objective returned null; expected an outcome.";
            else if (!double.IsFinite(outcome.Score))
                error = FormattableString.Invariant($"The objective returned the score {outcome.Score}; expected a finite number.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Lone surrogates have no place in UTF-8; the round trip replaces them.
            error = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes($"{exception.GetType().Name}: {exception.Message}"));
        }
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        ours?.Throw();
        if (_stop.IsCancellationRequested)
            return null;
        TrialState state = error is not null ? TrialState.Failed : context.IsPruned ? TrialState.Pruned : TrialState.Completed;
        return new TrialResult(trial, state, error is null ? outcome!.Score : double.NaN)
        {
            Seconds = outcome?.Seconds ?? seconds,
            Metrics = outcome?.Metrics ?? [],
            Reports = [.. context.Reports],
            Error = error,
        };
    }

    private void Tell(SearchProgressKind kind, Trial trial, TrialResult? result = null, TrialReport? report = null)
    {
        lock (_lock)
        {
            if (result is not null)
                _finished++;
            _options.Progress?.Report(new SearchProgress(kind, trial, _finished, _search.TotalTrials) { Result = result, Report = report });
        }
    }
}
