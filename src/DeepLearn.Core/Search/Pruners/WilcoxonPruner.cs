using System.Globalization;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>
/// Stops a trial that is worse than the best one on the same folds or problems, and significantly so by the signed-rank test of Wilcoxon.
/// For objectives that report a score for each of several folds, whose step is the fold's number.
/// </summary>
/// <remarks>
/// Wilcoxon, "Individual Comparisons by Ranking Methods", 1945. The best trial is the best completed one of those that the trial may see
/// (<see cref="Pruner"/>). Scores are compared fold by fold; folds that one of the two has not, and equal scores, do not count. The
/// probability is exact for up to 50 folds, ties included, and beyond that a normal approximation. Besides it, the sum of the differences
/// must be against the trial. A score that is not a number is the worst.
/// </remarks>
/// <example><code>
/// // For objectives that report each fold, as CrossValidationObjective does.
/// SingleStageSearch pruned = search with { Pruner = new WilcoxonPruner(level: 0.1) };
/// </code></example>
public sealed record WilcoxonPruner : Pruner
{
    /// <summary>A pruner.</summary>
    /// <param name="level">
    /// The probability of such ranks by chance below which a trial is stopped, above 0 and below 1: smaller stops fewer. Default: 0.1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The level is out of its range.</exception>
    public WilcoxonPruner(double level = 0.1)
    {
        if (!(level is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level is above 0 and below 1.");
        Level = level;
    }

    /// <summary>The probability by chance below which a trial is stopped.</summary>
    public double Level { get; }

    /// <summary>How many folds there must be before a trial is stopped, at least 1. Default: 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MinimumFolds
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"Wilcoxon at {Level:R} from {MinimumFolds} folds");

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Reports.Count < MinimumFolds || BestOf(request) is not { } best)
            return false;
        Dictionary<long, double> scores = best.Reports.ToDictionary(report => report.Step, report => report.Score);
        var differences = new List<double>();
        double sum = 0;
        foreach ((long fold, double score) in request.Reports)
        {
            if (!scores.TryGetValue(fold, out double other))
                continue;
            double own = ScoresAtSteps.Badness(score, request.Direction), theirs = ScoresAtSteps.Badness(other, request.Direction);

            // Two infinite scores are equal.
            if (own == theirs)
                continue;
            differences.Add(own - theirs);
            sum += own - theirs;
        }
        return sum > 0 && SignedRanks.ProbabilityOfMore(differences) < Level;
    }

    private static TrialResult? BestOf(PruneRequest request)
    {
        var ranking = new TrialRanking(request.Direction);
        TrialResult? best = null;
        foreach (TrialResult result in request.History)
        {
            if (result.State == TrialState.Completed && (best is null || ranking.Compare(result, best) < 0))
                best = result;
        }
        return best;
    }
}
