namespace DeepLearn.Search.Trials;

/// <summary>The order of results from best to worst.</summary>
/// <remarks>
/// Completed trials come first: those that keep to the bounds, by score, and then the others, by how much they break them. Then come pruned
/// ones, by score, and failed ones. Of several objectives the score alone counts here. Ties are broken by stage and number, the earlier
/// first: so the order is a function of the results alone.
/// </remarks>
public sealed class TrialRanking : IComparer<TrialResult>
{
    private readonly SearchGoals _goals;
    private readonly int _sign;

    /// <summary>The order for a direction, without bounds.</summary>
    /// <param name="direction">Which scores are better.</param>
    public TrialRanking(SearchDirection direction)
        : this(new SearchGoals(direction))
    {
    }

    /// <summary>The order of a search.</summary>
    /// <param name="goals">Which scores are better, and the bounds.</param>
    public TrialRanking(SearchGoals goals)
    {
        ArgumentNullException.ThrowIfNull(goals);
        _goals = goals;
        _sign = goals.Direction == SearchDirection.Maximize ? -1 : 1;
    }

    /// <summary>Whether a score is better than another, both being numbers.</summary>
    /// <param name="score">The score.</param>
    /// <param name="other">The other one.</param>
    public bool IsBetter(double score, double other) => _sign * score.CompareTo(other) < 0;

    /// <summary>Whether a trial can be the best one: it was completed and keeps to the bounds.</summary>
    /// <param name="result">Its result.</param>
    public bool IsValid(TrialResult result) => _goals.AreKeptBy(result);

    /// <summary>The results from best to worst.</summary>
    /// <param name="results">The results, in any order.</param>
    public IReadOnlyList<TrialResult> Rank(IEnumerable<TrialResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        TrialResult[] ranked = [.. results];
        Array.Sort(ranked, this);
        return ranked;
    }

    /// <summary>Negative if the first result is better, positive if the second is.</summary>
    /// <param name="x">The first result.</param>
    /// <param name="y">The second result.</param>
    public int Compare(TrialResult? x, TrialResult? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        int order = x.State.CompareTo(y.State);
        if (order == 0 && x.State == TrialState.Completed && _goals.Constraints.Count > 0)
            order = _goals.ViolationOf(x).CompareTo(_goals.ViolationOf(y));
        if (order == 0 && x.State != TrialState.Failed)
            order = _sign * x.Score.CompareTo(y.Score);
        if (order == 0)
            order = x.Trial.Stage.CompareTo(y.Trial.Stage);
        return order != 0 ? order : x.Trial.Number.CompareTo(y.Trial.Number);
    }
}
