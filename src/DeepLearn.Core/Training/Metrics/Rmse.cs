using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>The root of the mean of the squared errors, in the unit of the targets.</summary>
/// <remarks>The mean is over examples and outputs. Each error is that of the numbers in double; the sum of them is exact.</remarks>
public sealed record Rmse : Metric
{
    /// <inheritdoc/>
    public override string Name => "root mean squared error";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Kind == TaskKind.Regression;
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) => new ErrorAccumulator(task, ErrorMeasure.Rmse);
}
