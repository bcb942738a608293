using DeepLearn.Losses;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training;

/// <summary>Whether metrics can be taken: asked before anything is trained.</summary>
internal static class MetricFit
{
    /// <summary>Throws where a metric has no meaning for a task, or does not know of the weights of its examples.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="task">What is predicted.</param>
    /// <param name="isWeighted">Whether examples have weights.</param>
    /// <param name="parameter">The parameter that brought the metrics, for the exception.</param>
    /// <exception cref="ArgumentException">It has none, or does not.</exception>
    public static void Require(IReadOnlyList<Metric> metrics, PredictionTask task, bool isWeighted, string parameter)
    {
        foreach (Metric metric in metrics)
        {
            ArgumentNullException.ThrowIfNull(metric, parameter);
            if (!metric.AppliesTo(task))
            {
                throw new ArgumentException(
                    $"The metric \"{metric.Name}\" has no meaning for this task; found {task}, for which "
                    + $"{string.Join(", ", Metric.UsualFor(task).Select(usual => usual.Name))} have one.",
                    parameter);
            }
            if (!metric.CreateAccumulator(task).TakesWeights && isWeighted)
            {
                throw new ArgumentException(
                    $"The metric \"{metric.Name}\" takes examples without weights; found some with weights.", parameter);
            }
        }
    }
}
