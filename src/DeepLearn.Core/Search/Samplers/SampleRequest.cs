using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>What a sampler is told when it is asked for a trial's values.</summary>
/// <param name="Space">The space of the stage.</param>
/// <param name="StageKey">The name of the stage's random numbers, made of the search's seed and <paramref name="Stage"/>.</param>
/// <param name="Stage">The number of the stage, from 0.</param>
/// <param name="Number">The number of the trial in its stage, from 0.</param>
public sealed record SampleRequest(SearchSpace Space, RandomKey StageKey, int Stage, int Number)
{
    /// <summary>The name of the trial's own random numbers.</summary>
    public RandomKey Key => StageKey.Derive(Number);

    /// <summary>The results of the stage that the trial may depend on. Empty unless the sampler learns from them. Default: empty.</summary>
    public TrialHistory History { get; init => field = PropertyGuard.NotNull(value); } = TrialHistory.Empty;

    /// <summary>
    /// The points of the stage's trials before this one whose results it may not see, by number: for a sampler that keeps trials apart that
    /// run side by side. They follow from results that this trial may see. Empty unless the sampler learns. Default: empty.
    /// </summary>
    public IReadOnlyList<SearchPoint> Pending { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>The results of all earlier stages, by stage and number. Default: none.</summary>
    public IReadOnlyList<TrialResult> EarlierStages { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Which scores are better. Default: larger ones.</summary>
    public SearchDirection Direction
    {
        get => Goals.Direction;
        init => Goals = Goals with { Direction = PropertyGuard.Member(value) };
    }

    /// <summary>What the search is after, <see cref="Direction"/> included. Default: large scores.</summary>
    public SearchGoals Goals { get; init => field = PropertyGuard.NotNull(value); } = new();
}
