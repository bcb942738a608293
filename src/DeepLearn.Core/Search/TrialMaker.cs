using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<int, Lazy<SearchPoint>> _points = [];

    /// <summary>Makes a trial.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="history">The results that it may see.</param>
    /// <exception cref="InvalidOperationException">The sampler gave a point outside the space.</exception>
    public Trial Make(int number, TrialHistory history)
    {
        SearchPoint point = Sample(number, history);
        if (search.Sampler.UsesHistory)
        {
            _points[number] = new(point);
            _points.TryRemove(number - (2 * search.Window), out _);
        }

        // 31 bits: a seed that is short to type and that every JSON reader holds exactly.
        return new Trial(stage, number, budget, _key.Derive(number).Derive("seed").BitsAt(0) >> 33, point);
    }

    private SearchPoint Sample(int number, TrialHistory history)
    {
        var request = new SampleRequest(space, _key, stage, number) { EarlierStages = earlier, Goals = search.Goals };
        if (search.Sampler.UsesHistory)
        {
            var pending = new PendingPoints(history.Count, number, other => PointOf(other, history));
            request = request with { History = history, Pending = pending };
        }
        SearchPoint point = search.Sampler.Sample(request);
        return space.Contains(point)
            ? point
            : throw new InvalidOperationException($"The sampler ({search.Sampler}) gave {point}; expected a point of {space}.");
    }

    // The point of a trial under way follows from the results that it may see, and those are the first of the ones that this trial may
    // see. So it is the same in a process that has not made that trial.
    private SearchPoint PointOf(int number, TrialHistory history) => number < history.Count
        ? history[number].Trial.Point
        : _points.GetOrAdd(number, _ => new(() => Sample(number, history.UpTo(Math.Max(0, number - search.Window + 1))))).Value;
}
