namespace DeepLearn.Training.Metrics;

/// <summary>The part of the examples whose class the outputs predict, from 0 to 1.</summary>
public sealed record Accuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override MetricAccumulator CreateAccumulator(int classes) => new HitAccumulator(classes, 1);
}
