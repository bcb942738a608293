using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Trials;

/// <summary>What an objective returns: an immutable value.</summary>
/// <param name="Score">
/// The number that the search maximizes or minimizes, for instance the accuracy on a validation set. Where it is infinite or not a number,
/// the trial counts as failed.
/// </param>
public sealed record TrialOutcome(double Score)
{
    /// <summary>Further numbers to keep with the trial, each under a name of its own. Default: none.</summary>
    /// <exception cref="ArgumentException">A name comes twice, or has half a surrogate pair.</exception>
    public ValueList<TrialMetric> Metrics
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            var seen = new HashSet<string>();
            foreach (TrialMetric metric in value)
            {
                WellFormedText.Require(metric.Name, nameof(value));
                if (!seen.Add(metric.Name))
                    throw new ArgumentException($"Each metric has a name of its own; found \"{metric.Name}\" twice.", nameof(value));
            }
            field = value;
        }
    } = [];

    /// <summary>The further number of a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public double? Metric(string name)
    {
        foreach (TrialMetric metric in Metrics)
        {
            if (metric.Name == name)
                return metric.Value;
        }
        return null;
    }

    /// <summary>
    /// How long the part that matters took, in seconds, finite and at least 0. Default: null, for the whole time in the objective.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or not a number.</exception>
    public double? Seconds
    {
        get;
        init => field = value is null || (double.IsFinite(value.Value) && value >= 0)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A duration is finite and at least 0 seconds.");
    }
}
