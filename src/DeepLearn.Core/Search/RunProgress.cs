using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Tells of a run as it goes on, one report at a time, until it is closed. To be used from any thread.</summary>
/// <param name="progress">Who is told; null for nobody.</param>
/// <param name="total">The number of trials of the search.</param>
internal sealed class RunProgress(IProgress<SearchProgress>? progress, int total)
{
    private readonly List<TrialDifference> _differences = [];
    private readonly Lock _lock = new();
    private int _finished;
    private bool _isClosed;

    /// <summary>The trials that two processes ran, with results that differ. A copy.</summary>
    public TrialDifference[] Differences
    {
        get
        {
            lock (_lock)
                return [.. _differences];
        }
    }

    /// <summary>Tells that a trial began.</summary>
    public void Begin(Trial trial) => Tell(SearchProgressKind.Started, trial);

    /// <summary>Tells of a score on the way.</summary>
    public void Report(Trial trial, TrialReport report) => Tell(SearchProgressKind.Reported, trial, report: report);

    /// <summary>Tells that a trial ended.</summary>
    /// <param name="result">How.</param>
    /// <param name="kind">In this run or in another.</param>
    public void End(TrialResult result, SearchProgressKind kind) => Tell(kind, result.Trial, result);

    /// <summary>Keeps that two processes found different results, and tells of it.</summary>
    public void Differ(TrialDifference difference)
    {
        lock (_lock)
            _differences.Add(difference);
        Tell(SearchProgressKind.Differed, difference.Accepted.Trial, difference: difference);
    }

    /// <summary>Tells of nothing any more: a trial that was given up as stuck may still end.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
    }

    private void Tell(
        SearchProgressKind kind,
        Trial trial,
        TrialResult? result = null,
        TrialReport? report = null,
        TrialDifference? difference = null)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            if (result is not null)
                _finished++;
            progress?.Report(new SearchProgress(kind, trial, _finished, total)
            {
                Result = result,
                Report = report,
                Difference = difference,
            });
        }
    }
}
