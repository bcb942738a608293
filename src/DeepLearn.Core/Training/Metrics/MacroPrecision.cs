using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The average over the classes, or over the labels where an example may have several, of the part of the examples taken for a class that
/// is of it, from 0 to 1; see <see cref="ConfusionMatrix.MacroPrecision"/>.
/// </summary>
public sealed record MacroPrecision : Metric
{
    /// <inheritdoc/>
    public override string Name => "macro precision";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Kind != TaskKind.Regression;
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) => task.Kind == TaskKind.Multilabel
        ? new DecisionAccumulator(task, 0, DecisionMeasure.MacroPrecision)
        : new ConfusionMatrixAccumulator(task, static matrix => matrix.MacroPrecision);
}
