namespace DeepLearn.Search.Trials;

/// <summary>
/// A further objective of a search, besides the score: a metric that the objective function gives under a name (see
/// <see cref="TrialOutcome.Metrics"/>). An immutable value.
/// </summary>
/// <example><code>
/// var search = new SingleStageSearch(space, trials: 20) { Objectives = [new SearchObjective("size", SearchDirection.Minimize)] };
/// </code></example>
public sealed record SearchObjective
{
    /// <summary>A further objective.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="direction">Which of its values are better.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public SearchObjective(string metric, SearchDirection direction)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        Metric = metric;
        Direction = direction;
    }

    /// <summary>The metric's name.</summary>
    public string Metric { get; }

    /// <summary>Which of its values are better.</summary>
    public SearchDirection Direction { get; }

    /// <summary>The objective in words, as in <c>minimize milliseconds</c>.</summary>
    public override string ToString() => $"{(Direction == SearchDirection.Maximize ? "maximize" : "minimize")} {Metric}";
}
