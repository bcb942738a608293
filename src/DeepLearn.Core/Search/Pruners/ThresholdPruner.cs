namespace DeepLearn.Search.Pruners;

/// <summary>Stops a trial whose score leaves a range: for trainings that diverge or are clearly hopeless.</summary>
/// <remarks>It looks at the trial's own reports alone. A score that is not a number stops the trial.</remarks>
/// <example><code>SingleStageSearch pruned = search with { Pruner = new ThresholdPruner(lowest: 0.2) { FirstStep = 3 } };</code></example>
public sealed record ThresholdPruner : Pruner
{
    /// <summary>Makes a threshold pruner.</summary>
    /// <param name="lowest">The lowest score with which a trial goes on; minus infinity for none.</param>
    /// <param name="highest">The highest score with which a trial goes on; infinity for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not a number, or the higher one is below the lower one.</exception>
    public ThresholdPruner(double lowest = double.NegativeInfinity, double highest = double.PositiveInfinity)
    {
        if (double.IsNaN(lowest))
            throw new ArgumentOutOfRangeException(nameof(lowest), lowest, "A bound is a number.");
        if (!(highest >= lowest))
            throw new ArgumentOutOfRangeException(nameof(highest), highest, $"The higher bound is at least the lower one, {lowest}.");
        Lowest = lowest;
        Highest = highest;
    }

    /// <summary>The lowest score with which a trial goes on.</summary>
    public double Lowest { get; }

    /// <summary>The highest score with which a trial goes on.</summary>
    public double Highest { get; }

    /// <summary>The step below which no trial is stopped. Default: 0.</summary>
    public long FirstStep { get; init; }

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"threshold {Lowest:R}..{Highest:R} from step {FirstStep}");

    /// <inheritdoc/>
    public override bool UsesHistory => false;

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (long step, double score) = request.Reports[^1];
        return step >= FirstStep && !(score >= Lowest && score <= Highest);
    }
}
