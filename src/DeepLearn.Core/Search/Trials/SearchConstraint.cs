using System.Globalization;

namespace DeepLearn.Search.Trials;

/// <summary>
/// A bound that good trials keep to: a metric that the objective function gives under a name (see <see cref="TrialOutcome.Metrics"/>) is at
/// most some number. An immutable value.
/// </summary>
/// <example><code>
/// var search = new SingleStageSearch(space, trials: 20) { Constraints = [new SearchConstraint("size", atMost: 100_000)] };
/// </code></example>
public sealed record SearchConstraint
{
    /// <summary>A bound.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="atMost">Its greatest value, finite.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is infinite or not a number.</exception>
    public SearchConstraint(string metric, double atMost)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        if (!double.IsFinite(atMost))
            throw new ArgumentOutOfRangeException(nameof(atMost), atMost, "A bound is a finite number.");
        Metric = metric;
        AtMost = atMost;
    }

    /// <summary>The metric's name.</summary>
    public string Metric { get; }

    /// <summary>Its greatest value.</summary>
    public double AtMost { get; }

    /// <summary>By how much a trial breaks it, at least 0; infinity where the trial has no such metric.</summary>
    /// <param name="result">The trial's result.</param>
    public double ViolationOf(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Metric(Metric) is { } value && !double.IsNaN(value) ? Math.Max(0, value - AtMost) : double.PositiveInfinity;
    }

    /// <summary>The bound in words, as in <c>milliseconds at most 5</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric} at most {AtMost:R}");
}
