using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>What a search found.</summary>
/// <param name="Stages">The stages in order.</param>
/// <param name="Ranked">The results of all stages from best to worst (see <see cref="TrialRanking"/>).</param>
/// <example><code>
/// SearchResult found = search.Run(objective);
/// foreach (TrialResult trial in found.Ranked.Take(3))
///     Console.WriteLine($"{trial.Score:f3}: {trial.Trial.Point}");
/// </code></example>
public sealed record SearchResult(ValueList<StageResult> Stages, ValueList<TrialResult> Ranked)
{
    /// <summary>Why the search ended. Default: it has run all its trials.</summary>
    public SearchEnd End { get; init => field = PropertyGuard.Member(value); }

    /// <summary>What the search was after. Default: large scores.</summary>
    public SearchGoals Goals { get; init => field = PropertyGuard.NotNull(value); } = new();

    /// <summary>
    /// The trials that this process and another both ran, with results that differ, as far as this process knows of them. Empty where the
    /// objective is a function of its trial. Default: empty.
    /// </summary>
    public ValueList<TrialDifference> Differences { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>
    /// The best of the trials that were completed on the largest budget, of all stages, and keep to the bounds; null if there is none. A
    /// score reached on a smaller budget says less, and is not compared with it.
    /// </summary>
    public TrialResult? Best
    {
        get
        {
            TrialResult? best = null;
            foreach (TrialResult result in Ranked)
            {
                if (Goals.AreKeptBy(result) && (best is null || result.Trial.Budget > best.Trial.Budget))
                    best = result;
            }
            return best;
        }
    }

    /// <summary>
    /// The trials on the largest budget that keep to the bounds and that no other dominates: of these, none is better in one objective
    /// without being worse in another. From the best score to the worst; of a search with one objective, the trials with the best score.
    /// </summary>
    public ValueList<TrialResult> ParetoFront
    {
        get
        {
            TrialResult[] kept = [.. Ranked.Where(Goals.AreKeptBy)];
            int budget = kept.Length == 0 ? 0 : kept.Max(result => result.Trial.Budget);
            return Goals.Front(kept.Where(result => result.Trial.Budget == budget));
        }
    }
}
