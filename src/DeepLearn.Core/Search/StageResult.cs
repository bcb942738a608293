using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>What a stage of a search found.</summary>
/// <param name="Number">The number of the stage, from 0.</param>
/// <param name="Space">The space that its trials come from.</param>
/// <param name="Budget">The budget of each of its trials.</param>
/// <param name="Results">The results in the order of the trials' numbers.</param>
/// <param name="Ranked">The results from best to worst (see <see cref="TrialRanking"/>).</param>
public sealed record StageResult(
    int Number, SearchSpace Space, int Budget, ValueList<TrialResult> Results, ValueList<TrialResult> Ranked)
{
    /// <summary>What the search was after. Default: large scores.</summary>
    public SearchGoals Goals { get; init => field = PropertyGuard.NotNull(value); } = new();

    /// <summary>The best completed trial that keeps to the bounds; null if there is none.</summary>
    public TrialResult? Best => Ranked.Count > 0 && Goals.AreKeptBy(Ranked[0]) ? Ranked[0] : null;
}
