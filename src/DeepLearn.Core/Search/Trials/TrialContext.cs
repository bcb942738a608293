using DeepLearn.Foundation;

namespace DeepLearn.Search.Trials;

/// <summary>
/// What an objective gets from the search while it runs: its share of the processors, and a way to report scores. Used by one thread.
/// </summary>
/// <example><code>
/// SearchResult found = search.Run((trial, context, cancellation) =>
/// {
///     double score = 0;
///     for (int epoch = 1; epoch &lt;= 5 &amp;&amp; context.Report(epoch, score); epoch++)
///         score = (1 - trial.Value("lambda")) * epoch / 5;    // as a training of yours would have it
///     return new(score);
/// });
/// </code></example>
public sealed class TrialContext
{
    private readonly Func<TrialReport, IReadOnlyList<TrialReport>, bool> _keepGoing;
    private readonly List<TrialReport> _reports = [];

    /// <summary>Makes a context: what a search makes for each trial, and a test for its objective.</summary>
    /// <param name="keepGoing">
    /// Told of each report and of all reports so far, that one included; says whether the trial goes on. Default: it always does.
    /// </param>
    public TrialContext(Func<TrialReport, IReadOnlyList<TrialReport>, bool>? keepGoing = null) =>
        _keepGoing = keepGoing ?? ((_, _) => true);

    /// <summary>
    /// The trial's share of the processors, which depends on how many trials run beside it. It changes no result. Default: all, as for a
    /// trial that runs alone.
    /// </summary>
    public ProcessorShare Processors { get; init => field = PropertyGuard.NotNull(value); } = ProcessorShare.All;

    /// <summary>The description of what decides about reports; null where nothing ever stops a trial.</summary>
    internal string? Pruner { get; init; }

    /// <summary>Whether the pruner has told the trial to stop. It then counts as pruned, whatever the objective does.</summary>
    public bool IsPruned { get; private set; }

    /// <summary>The scores reported so far.</summary>
    public IReadOnlyList<TrialReport> Reports => _reports;

    /// <summary>Reports the score at a step.</summary>
    /// <param name="step">The step, in a unit of the objective's own; larger each time.</param>
    /// <param name="score">The score there, on the same scale as the outcome's.</param>
    /// <returns>True to go on; false when the pruner sees no use in it, whereupon the objective returns the outcome that it has.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is not above the last one.</exception>
    public bool Report(long step, double score)
    {
        if (_reports.Count > 0 && step <= _reports[^1].Step)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"A report's step is above the last one, {_reports[^1].Step}.");
        var report = new TrialReport(step, score);
        _reports.Add(report);
        IsPruned |= !_keepGoing(report, _reports);
        return !IsPruned;
    }
}
