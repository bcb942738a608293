using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>What a search found.</summary>
/// <param name="Stages">The stages in order.</param>
/// <param name="Ranked">The results of all stages from best to worst (see <see cref="TrialRanking"/>).</param>
public sealed record SearchResult(ValueList<StageResult> Stages, ValueList<TrialResult> Ranked)
{
    /// <summary>
    /// The best completed trial of the last stage that has one; null if there is none. Not the best of all: a score reached on a larger
    /// budget says more.
    /// </summary>
    public TrialResult? Best => Stages.Select(stage => stage.Best).LastOrDefault(best => best is not null);
}
