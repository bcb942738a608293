using DeepLearn.Foundation;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Makes the trials of a stage from the search's sampler and seed.</summary>
/// <param name="search">The search.</param>
/// <param name="space">The space of the stage.</param>
/// <param name="stage">Its number.</param>
/// <param name="budget">The budget of its trials.</param>
/// <param name="earlier">The results of the stages before it.</param>
internal sealed class TrialMaker(
    HyperparameterSearch search, SearchSpace space, int stage, int budget, IReadOnlyList<TrialResult> earlier)
{
    private readonly RandomKey _key = RandomKey.FromSeed(search.Seed).Derive("search").Derive(stage);

    /// <summary>Makes a trial.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="history">The results that it may see.</param>
    /// <exception cref="InvalidOperationException">The sampler gave a point outside the space.</exception>
    public Trial Make(int number, TrialHistory history)
    {
        SearchPoint point = search.Sampler.Sample(new SampleRequest(space, _key, stage, number)
        {
            History = search.Sampler.UsesHistory ? history : TrialHistory.Empty,
            EarlierStages = earlier,
            Goals = search.Goals,
        });
        if (!space.Contains(point))
            throw new InvalidOperationException($"The sampler ({search.Sampler}) gave {point}; expected a point of {space}.");

        // 31 bits: a seed that is short to type and that every JSON reader holds exactly.
        return new Trial(stage, number, budget, _key.Derive(number).Derive("seed").BitsAt(0) >> 33, point);
    }
}
