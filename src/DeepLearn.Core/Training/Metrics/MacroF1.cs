namespace DeepLearn.Training.Metrics;

/// <summary>
/// The average over the classes of the harmonic mean of precision and recall, from 0 to 1; see <see cref="ConfusionMatrix.MacroF1"/>.
/// </summary>
public sealed record MacroF1 : Metric
{
    /// <inheritdoc/>
    public override string Name => "macro F1";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override MetricAccumulator CreateAccumulator(int classes) =>
        new ConfusionMatrixAccumulator(classes, static matrix => matrix.MacroF1);
}
