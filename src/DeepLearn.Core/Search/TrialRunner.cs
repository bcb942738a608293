using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Runs the trials that the store does not hold yet, and keeps each as it ends.</summary>
internal sealed class TrialRunner : IDisposable
{
    private volatile StageQueue? _queue;

    public TrialRunner(
        HyperparameterSearch search, TrialObjective objective, SearchRunOptions options, CancellationToken cancellationToken)
    {
        Search = search;
        Options = options;
        Stop = new RunStop(cancellationToken);
        Progress = new RunProgress(options.Progress, search.TotalTrials);
        Evaluator = new TrialEvaluator(search, objective, options, Progress.Report, Stop.Token);
        Ends = new EndWatch(new TrialRanking(search.Goals), options);
        FailedTrials = new FailureWatch(options.FailuresInARow);
        try
        {
            Records = new TrialRecords(
                search, options, Progress.Differ, () => _queue?.Hear(), exception => Stop.Fail(exception), Stop.Token);
        }
        catch
        {
            Stop.Dispose();
            throw;
        }
    }

    /// <summary>The search.</summary>
    public HyperparameterSearch Search { get; }

    /// <summary>How it is run.</summary>
    public SearchRunOptions Options { get; }

    /// <summary>What ends the run early.</summary>
    public RunStop Stop { get; }

    /// <summary>Tells of the run.</summary>
    public RunProgress Progress { get; }

    /// <summary>Evaluates trials.</summary>
    public TrialEvaluator Evaluator { get; }

    /// <summary>Where trials are kept.</summary>
    public TrialRecords Records { get; }

    /// <summary>The ends that the options ask for.</summary>
    public EndWatch Ends { get; }

    /// <summary>Counts failed trials.</summary>
    public FailureWatch FailedTrials { get; }

    /// <summary>The end that was met, of those that the options ask for; null if none was.</summary>
    public SearchEnd? End => Ends.End;

    /// <summary>Why so many trials failed that the search was stopped; null if it was not.</summary>
    public string? Failures => FailedTrials.Reason;

    /// <summary>The trials that two processes ran, with results that differ. A copy.</summary>
    public TrialDifference[] Differences => Progress.Differences;

    /// <summary>The results of the trials in order, without canceled ones.</summary>
    public TrialResult[] Run(StagePlan plan, out bool complete)
    {
        var trials = new StageTrials(this, plan);
        using var queue = new StageQueue(plan, trials, Stop.Token);
        trials.Queue = queue;
        _queue = queue;
        try
        {
            ExecutorThread.Run(Options.Executor, queue, Stop, Options.StopTimeout);
            Stop.ThrowIfFailed();
            complete = queue.IsComplete;
            if (!complete && !Stop.Token.IsCancellationRequested)
                throw new InvalidOperationException($"The executor ({Options.Executor}) returned before every trial was run.");
            return queue.Results();
        }
        finally
        {
            _queue = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Progress.Close();
        Records.Dispose();
        Stop.Dispose();
    }
}
