using DeepLearn.Foundation;

namespace DeepLearn.Search.Trials;

/// <summary>What a search is after: the score, further objectives, and bounds that good trials keep to. An immutable value.</summary>
/// <param name="Direction">Which scores are better.</param>
public sealed record SearchGoals(SearchDirection Direction = SearchDirection.Maximize)
{
    /// <summary>The objectives besides the score, each of another metric. Default: none.</summary>
    /// <exception cref="ArgumentException">Two objectives are of one metric.</exception>
    public ValueList<SearchObjective> Objectives
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            RequireDifferent(value.Select(objective => objective.Metric), "objective");
            field = value;
        }
    } = [];

    /// <summary>The bounds, each of another metric. Default: none.</summary>
    /// <exception cref="ArgumentException">Two bounds are of one metric.</exception>
    public ValueList<SearchConstraint> Constraints
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            RequireDifferent(value.Select(constraint => constraint.Metric), "constraint");
            field = value;
        }
    } = [];

    /// <summary>By how much a trial breaks the bounds together: 0 where it keeps to all of them.</summary>
    /// <param name="result">The trial's result.</param>
    public double ViolationOf(TrialResult result)
    {
        double sum = 0;
        foreach (SearchConstraint constraint in Constraints)
            sum += constraint.ViolationOf(result);
        return sum;
    }

    /// <summary>Whether a trial can be the best one: it was completed and keeps to the bounds.</summary>
    /// <param name="result">The trial's result.</param>
    public bool AreKeptBy(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.State == TrialState.Completed && ViolationOf(result) == 0;
    }

    /// <summary>
    /// What a trial reached, the score first and then the further objectives, with such signs that smaller is better; infinity for a metric
    /// that the trial has not.
    /// </summary>
    /// <param name="result">The trial's result.</param>
    public double[] CostsOf(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return
        [
            Cost(result.Score, Direction),
            .. Objectives.Select(objective => Cost(result.Metric(objective.Metric) ?? double.NaN, objective.Direction)),
        ];
    }

    /// <summary>
    /// Whether one trial dominates another: it keeps to the bounds and the other does not, or breaks them by less; or where neither breaks
    /// any, it is no worse in any objective, and better in one. A trial that was not completed is dominated by every completed one.
    /// </summary>
    /// <remarks>Deb, Pratap, Agarwal and Meyarivan, "A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II", 2002.</remarks>
    /// <param name="result">The one trial's result.</param>
    /// <param name="other">The other trial's result.</param>
    public bool Dominates(TrialResult result, TrialResult other)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(other);
        if (result.State != TrialState.Completed || other.State != TrialState.Completed)
            return result.State == TrialState.Completed && other.State != TrialState.Completed;
        double violation = ViolationOf(result), otherViolation = ViolationOf(other);
        return violation > 0 || otherViolation > 0 ? violation < otherViolation : IsBelow(CostsOf(result), CostsOf(other));
    }

    /// <summary>
    /// The trials that keep to the bounds and are dominated by none of the others (the Pareto front), in the order in which they are given.
    /// </summary>
    /// <param name="results">The results.</param>
    public ValueList<TrialResult> Front(IEnumerable<TrialResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        TrialResult[] kept = [.. results.Where(AreKeptBy)];
        double[][] costs = [.. kept.Select(CostsOf)];
        return [.. kept.Where((_, i) => !costs.Any(other => IsBelow(other, costs[i])))];
    }

    /// <summary>No worse anywhere and better somewhere.</summary>
    internal static bool IsBelow(double[] costs, double[] others)
    {
        bool isBetter = false;
        for (int i = 0; i < costs.Length; i++)
        {
            if (costs[i] > others[i])
                return false;
            isBetter |= costs[i] < others[i];
        }
        return isBetter;
    }

    private static double Cost(double value, SearchDirection direction) =>
        double.IsNaN(value) ? double.PositiveInfinity : direction == SearchDirection.Maximize ? -value : value;

    private static void RequireDifferent(IEnumerable<string> metrics, string kind)
    {
        var seen = new HashSet<string>();
        foreach (string metric in metrics)
        {
            if (!seen.Add(metric))
                throw new ArgumentException($"Each {kind} is of a metric of its own; found \"{metric}\" twice.", "value");
        }
    }
}
