namespace DeepLearn.Training.Metrics;

/// <summary>
/// The average over the classes of the part of the examples of a class that was taken for it, from 0 to 1: balanced accuracy; see
/// <see cref="ConfusionMatrix.MacroRecall"/>.
/// </summary>
public sealed record MacroRecall : Metric
{
    /// <inheritdoc/>
    public override string Name => "macro recall";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override MetricAccumulator CreateAccumulator(int classes) =>
        new ConfusionMatrixAccumulator(classes, static matrix => matrix.MacroRecall);
}
