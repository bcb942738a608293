using DeepLearn.Foundation;

namespace DeepLearn.Training;

/// <summary>The cost, loss and accuracy of a model on a data set, in inference, and further metrics where they were asked for.</summary>
/// <param name="Cost">Loss plus penalty.</param>
/// <param name="Loss">
/// The mean loss, as training lessens it: each example's loss times its weight, summed and divided by the number of examples, so that
/// weights of 2 double it. The metric <see cref="Training.Metrics.LogLoss"/> divides by the sum of the weights. With
/// <see cref="TrainingPlan.TargetScaling"/> it is that of the scaled targets.
/// </param>
/// <param name="Accuracy">
/// The part of the examples whose class the outputs predict, from 0 to 1, or of the decisions, where an example may have several labels:
/// see <see cref="Training.Metrics.Accuracy"/>. Null where the targets are numbers, of which none is right or wrong, and where the weights
/// of all examples are 0.
/// </param>
/// <param name="Examples">The number of examples.</param>
public sealed record Evaluation(double Cost, double Loss, double? Accuracy, int Examples)
{
    /// <summary>Further metrics, in the order in which they were asked for; one that has no value is absent. Default: none.</summary>
    public ValueList<MetricValue> Metrics { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>The value of a metric.</summary>
    /// <param name="metric">The metric's name, as in <c>F1</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name, or it has no value.</exception>
    public double this[string metric]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(metric);
            foreach (MetricValue value in Metrics)
            {
                if (value.Name == metric)
                    return value.Value;
            }
            string names = string.Join(", ", Metrics.Select(value => value.Name));
            throw new KeyNotFoundException($"No metric \"{metric}\" was measured; found {(names.Length == 0 ? "none" : names)}.");
        }
    }
}
