using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The coefficient of determination: 1 less the sum of the squared errors over the sum of the squared distances of the targets from their
/// mean. At most 1; 0 is what predicting the mean gives.
/// </summary>
/// <remarks>
/// Wright, "Correlation and Causation", 1921. With several outputs it is the mean of theirs, as in scikit-learn. It has no value, and is
/// NaN, where the targets of an output do not vary. The sums are exact, so that a large mean costs no digits.
/// </remarks>
public sealed record RSquared : Metric
{
    /// <inheritdoc/>
    public override string Name => "R²";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Kind == TaskKind.Regression;
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) => new DeterminationAccumulator(task);
}
