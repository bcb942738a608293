using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Of the examples of class 1, the part that was taken for it, from 0 to 1; 0 where there is none.</summary>
/// <remarks>
/// Also called sensitivity, or true positive rate. It is for two classes, by one output or two, and for several labels at once, whose
/// decisions are then counted together (the micro average). A probability that equals the threshold is none above it; neither is NaN.
/// </remarks>
public sealed record RecallScore : Metric
{
    /// <summary>The measure at a threshold.</summary>
    /// <param name="threshold">The probability above which an example is taken for class 1, above 0 and below 1. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is out of its range.</exception>
    public RecallScore(double threshold = 0.5) => Threshold = TwoClasses.Threshold(threshold);

    /// <summary>The probability above which an example is taken for class 1.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    public override string Name => Threshold == 0.5 ? "recall" : FormattableString.Invariant($"recall at {Threshold}");

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return TwoClasses.IsOf(task);
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) =>
        new DecisionAccumulator(task, TwoClasses.ScoreAt(Threshold), DecisionMeasure.Recall);
}
