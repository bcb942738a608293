using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The average over the classes, or over the labels where an example may have several, of the harmonic mean of precision and recall, from 0
/// to 1; see <see cref="ConfusionMatrix.MacroF1"/>.
/// </summary>
public sealed record MacroF1 : Metric
{
    /// <inheritdoc/>
    public override string Name => "macro F1";

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
        ? new DecisionAccumulator(task, 0, DecisionMeasure.MacroF1)
        : new ConfusionMatrixAccumulator(task, static matrix => matrix.MacroF1);
}
