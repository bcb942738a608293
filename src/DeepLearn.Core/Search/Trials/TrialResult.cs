using DeepLearn.Foundation;

namespace DeepLearn.Search.Trials;

/// <summary>A trial that has ended, and how: an immutable value.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="State">How it ended.</param>
/// <param name="Score">The score; not a number if the trial failed.</param>
public sealed record TrialResult(Trial Trial, TrialState State, double Score)
{
    /// <summary>How long it took, in seconds. This and <see cref="Run"/> are not the same from run to run; all else is.</summary>
    public double Seconds { get; init; }

    /// <summary>Where and when it was run; null where that was not kept, such as by older versions.</summary>
    public TrialRun? Run { get; init; }

    /// <summary>The further numbers that the objective gave.</summary>
    public ValueList<TrialMetric> Metrics { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>The scores reported under way, in the order in which they were reported.</summary>
    public ValueList<TrialReport> Reports { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Why the trial failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The further number of a name; null if the objective gave none.</summary>
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
}
