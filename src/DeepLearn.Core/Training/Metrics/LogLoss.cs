using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The mean of minus the logarithm of the probability that the outputs give to what is true, at least 0. Also called cross-entropy.
/// </summary>
/// <remarks>
/// The probabilities are the softmax of the outputs where there are several classes, and the sigmoid of each output otherwise. With several
/// labels at once it is the mean over them too. It is computed in double, and the sum is exact. A sure mistake is infinite only where an
/// output is.
/// <para>
/// Where examples have weights it is their weighted mean, divided by the sum of the weights, as every metric is. The loss of an
/// <see cref="Evaluation"/> is divided by the number of examples; it counts the weights of classes and the smoothing of labels, if the loss
/// has them, and this does not.
/// </para>
/// </remarks>
public sealed record LogLoss : Metric
{
    /// <inheritdoc/>
    public override string Name => "log loss";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Kind != TaskKind.Regression;
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) => new LogLossAccumulator(task);
}
