using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>The harmonic mean of precision and recall of class 1, from 0 to 1; 0 where class 1 neither occurs nor was predicted.</summary>
/// <remarks>
/// Van Rijsbergen, "Information Retrieval", 1979. It is for two classes, by one output or two, and for several labels at once, whose
/// decisions are then counted together (the micro average). A probability that equals the threshold is none above it; neither is NaN.
/// </remarks>
public sealed record F1Score : Metric
{
    /// <summary>The measure at a threshold.</summary>
    /// <param name="threshold">The probability above which an example is taken for class 1, above 0 and below 1. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is out of its range.</exception>
    public F1Score(double threshold = 0.5) => Threshold = TwoClasses.Threshold(threshold);

    /// <summary>The probability above which an example is taken for class 1.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    public override string Name => Threshold == 0.5 ? "F1" : FormattableString.Invariant($"F1 at {Threshold}");

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
        new DecisionAccumulator(task, TwoClasses.ScoreAt(Threshold), DecisionMeasure.F1);
}
