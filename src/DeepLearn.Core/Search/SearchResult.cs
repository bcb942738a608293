using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>What a search found.</summary>
/// <param name="Stages">The stages in order.</param>
/// <param name="Ranked">The results of all stages from best to worst (see <see cref="TrialRanking"/>).</param>
public sealed record SearchResult(ValueList<StageResult> Stages, ValueList<TrialResult> Ranked)
{
    /// <summary>Why the search ended. Default: it has run all its trials.</summary>
    public SearchEnd End { get; init; }

    /// <summary>
    /// The best of the trials that were completed on the largest budget, of all stages; null if none was completed. A score reached on a
    /// smaller budget says less, and is not compared with it.
    /// </summary>
    public TrialResult? Best
    {
        get
        {
            TrialResult? best = null;
            foreach (TrialResult result in Ranked)
            {
                if (result.State == TrialState.Completed && (best is null || result.Trial.Budget > best.Trial.Budget))
                    best = result;
            }
            return best;
        }
    }
}
