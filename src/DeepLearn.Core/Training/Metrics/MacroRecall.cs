using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The average over the classes, or over the labels where an example may have several, of the part of the examples of a class that was
/// taken for it, from 0 to 1: balanced accuracy; see <see cref="ConfusionMatrix.MacroRecall"/>.
/// </summary>
public sealed record MacroRecall : Metric
{
    /// <inheritdoc/>
    public override string Name => "macro recall";

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
        ? new DecisionAccumulator(task, 0, DecisionMeasure.MacroRecall)
        : new ConfusionMatrixAccumulator(task, static matrix => matrix.MacroRecall);
}
