using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>Stops a trial that has not improved for some reports.</summary>
/// <remarks>
/// It looks at the trial's own reports alone (early stopping; Prechelt, "Early Stopping - But When?", 1998). A score that is not a number
/// is no improvement.
/// </remarks>
/// <example><code>SingleStageSearch pruned = search with { Pruner = new PatiencePruner(patience: 3) };</code></example>
public sealed record PatiencePruner : Pruner
{
    /// <summary>Makes a patience pruner.</summary>
    /// <param name="patience">How many reports in a row may be without an improvement, at least 1.</param>
    /// <param name="improvement">
    /// By how much a score must be better than the best before it to count, finite and at least 0. Default: 0.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PatiencePruner(int patience, double improvement = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        if (!(improvement >= 0) || !double.IsFinite(improvement))
            throw new ArgumentOutOfRangeException(nameof(improvement), improvement, "An improvement is finite and at least 0.");
        Patience = patience;
        Improvement = improvement;
    }

    /// <summary>How many reports in a row may be without an improvement.</summary>
    public int Patience { get; }

    /// <summary>By how much a score must be better than the best before it to count.</summary>
    public double Improvement { get; }

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"patience of {Patience} reports, improvement {Improvement:R}");

    /// <inheritdoc/>
    public override bool UsesHistory => false;

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        double best = double.PositiveInfinity;
        int without = 0;
        foreach (TrialReport report in request.Reports)
        {
            double badness = ScoresAtSteps.Badness(report.Score, request.Direction);
            bool improves = double.IsPositiveInfinity(best) ? badness < best : badness < best - Improvement;
            without = improves ? 0 : without + 1;
            best = improves ? badness : best;
        }
        return without >= Patience;
    }
}
