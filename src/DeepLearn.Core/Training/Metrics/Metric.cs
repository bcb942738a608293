namespace DeepLearn.Training.Metrics;

/// <summary>
/// A measure of how well outputs fit labels, taken over any number of batches. An immutable value; <see cref="CreateAccumulator"/> makes
/// the runtime that takes it.
/// </summary>
public abstract record Metric
{
    /// <summary>What it is called in tables and logs.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a larger value is a better one.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>Makes the runtime that takes the measure, at the beginning.</summary>
    /// <param name="classes">The number of classes, which is the number of outputs; at least 2.</param>
    /// <exception cref="ArgumentException">The number of classes is too small for it.</exception>
    public abstract MetricAccumulator CreateAccumulator(int classes);
}
