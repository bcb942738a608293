using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// A search in stages, each over narrower ranges than the one before: many cheap trials to see where the good values lie, then dearer ones
/// there.
/// </summary>
/// <remarks>
/// The ranges of a stage are given with it or follow from the best trials of the stage before it (see
/// <see cref="DeepLearn.Search.Narrowing"/>). The number of trials of the last stage may be raised later: the search then goes on from its
/// store with those that are new.
/// </remarks>
/// <example><code>
/// // First wide and short, then near the best and longer.
/// var search = new CoarseToFineSearch(
///     space,
///     new SearchStage(trials: 12, budget: 1),
///     new SearchStage(trials: 6, budget: 3) { Narrowing = new Narrowing { Best = 3 } });
/// SearchResult found = search.Run(objective);
/// </code></example>
public sealed record CoarseToFineSearch : HyperparameterSearch
{
    /// <summary>Makes a search in stages.</summary>
    /// <param name="space">The first stage's ranges, which found ranges stay within.</param>
    /// <param name="stages">The stages, at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no stage, or one gives ranges for other hyper-parameters than the space has.
    /// </exception>
    public CoarseToFineSearch(SearchSpace space, params SearchStage[] stages)
        : base(space)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Length == 0)
            throw new ArgumentException("A search has at least one stage; found none.", nameof(stages));
        for (int i = 0; i < stages.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(stages[i], nameof(stages));
            if (stages[i].Space is { } given)
                RequireSameParameters(space, given, i);
        }
        Stages = ValueList.Create(stages);
    }

    /// <summary>The stages in order.</summary>
    public ValueList<SearchStage> Stages { get; }

    /// <inheritdoc/>
    public override int TotalTrials => Stages.Sum(stage => stage.Trials);

    /// <inheritdoc/>
    protected override IEnumerable<IdentityField> Describe()
    {
        for (int i = 0; i < Stages.Count; i++)
        {
            SearchStage stage = Stages[i];
            string trials = i < Stages.Count - 1 ? string.Create(CultureInfo.InvariantCulture, $"{stage.Trials} trials, ") : "";
            string range = stage.Space?.ToString() ?? (i == 0 ? "the whole space" : stage.Narrowing.ToString());
            yield return new IdentityField(
                string.Create(CultureInfo.InvariantCulture, $"stage {i}"),
                string.Create(CultureInfo.InvariantCulture, $"{trials}budget {stage.Budget}, {range}"));
        }
    }

    /// <inheritdoc/>
    protected override void RunStages(SearchSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        foreach (SearchStage stage in Stages)
            session.RequireTrials(stage.Space ?? Space, stage.Trials);
        StageResult? previous = null;
        foreach (SearchStage stage in Stages)
        {
            SearchSpace space = stage.Space ?? (
                previous is null ? Space : stage.Narrowing.Apply(Space, previous.Space, Ranked(session, previous)));

            // A range that was narrowed may have fewer points than the whole, and a grid then ends with the last of them.
            int trials = stage.Space is null ? Math.Min(stage.Trials, Sampler.MaximumTrials(space)) : stage.Trials;
            previous = session.RunStage(space, trials, stage.Budget);
        }
    }

    // The trials that the scores of the stage before can be compared with: of all stages on the same budget.
    private static TrialResult[] Ranked(SearchSession session, StageResult previous) =>
        [.. session.Result.Ranked.Where(result => result.Trial.Budget == previous.Budget)];

    private static void RequireSameParameters(SearchSpace expected, SearchSpace found, int stage)
    {
        string Names(SearchSpace space) => string.Join(", ", space.Dimensions.Select(d => $"\"{d.Name}\""));
        if (Names(expected) != Names(found))
        {
            throw new ArgumentException(
                $"Stage {stage} has ranges for {Names(found)}; expected {Names(expected)}, as in the search's space.", "stages");
        }
        foreach (Dimension dimension in found.Dimensions)
        {
            // Both ends of a number, and every choice of a categorical dimension, must have a position on the first range's scale.
            int count = dimension.GridCount(2);
            for (int i = 0; i < count; i++)
                expected[dimension.Name].PositionOf(dimension.GridPoint(i, count));
        }
    }
}
