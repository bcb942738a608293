using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The part of the examples whose class the outputs predict, from 0 to 1. With several labels at once, the part of all decisions, yes or no
/// for each label of each example, that are right.
/// </summary>
/// <remarks>
/// With one output, class 1 is predicted where the output is above 0, which is a probability above one half; <see cref="BinaryAccuracy"/>
/// takes another threshold. Of several labels scikit-learn's <c>accuracy_score</c> counts the examples of which every label is right.
/// </remarks>
public sealed record Accuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Kind != TaskKind.Regression;
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) =>
        task.Kind == TaskKind.Multilabel ? new DecisionAccumulator(task, 0, DecisionMeasure.Accuracy) : new HitAccumulator(task, 1);
}
