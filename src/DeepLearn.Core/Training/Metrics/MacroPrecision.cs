namespace DeepLearn.Training.Metrics;

/// <summary>
/// The average over the classes of the part of the examples taken for a class that is of it, from 0 to 1; see
/// <see cref="ConfusionMatrix.MacroPrecision"/>.
/// </summary>
public sealed record MacroPrecision : Metric
{
    /// <inheritdoc/>
    public override string Name => "macro precision";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override MetricAccumulator CreateAccumulator(int classes) =>
        new ConfusionMatrixAccumulator(classes, static matrix => matrix.MacroPrecision);
}
