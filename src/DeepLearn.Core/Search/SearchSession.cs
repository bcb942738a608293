using DeepLearn.Foundation;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>A search under way: what a <see cref="HyperparameterSearch"/> runs its stages with.</summary>
public sealed class SearchSession : IDisposable
{
    private readonly HyperparameterSearch _search;
    private readonly TrialRunner _runner;
    private readonly TrialRanking _ranking;
    private readonly List<StageResult> _stages = [];
    private readonly CancellationToken _cancellationToken;

    internal SearchSession(HyperparameterSearch search, TrialObjective objective, SearchRunOptions options, CancellationToken cancellationToken)
    {
        _search = search;
        _ranking = new TrialRanking(search.Direction);
        _cancellationToken = cancellationToken;
        _runner = new TrialRunner(search, objective, options, cancellationToken);
    }

    /// <summary>What was found so far.</summary>
    public SearchResult Result => new([.. _stages], [.. _ranking.Rank(_stages.SelectMany(stage => stage.Results))]);

    /// <summary>Runs the next stage with trials that the search's sampler chooses.</summary>
    /// <param name="space">The space that they come from.</param>
    /// <param name="trials">How many, at least 1.</param>
    /// <param name="budget">The budget of each, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the sampler cannot give so many trials.</exception>
    /// <exception cref="InvalidOperationException">The sampler gave a point outside the space.</exception>
    /// <exception cref="SearchCanceledException">The search was canceled.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used, or holds other trials than these.</exception>
    public StageResult RunStage(SearchSpace space, int trials, int budget)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        int most = _search.Sampler.MaximumTrials(space);
        if (trials > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(trials), trials, $"The sampler ({_search.Sampler}) can give {most} trials of this space.");
        }
        TrialResult[] earlier = [.. _stages.SelectMany(stage => stage.Results)];
        var chosen = new Trial[trials];
        for (int i = 0; i < trials; i++)
            chosen[i] = Choose(space, _stages.Count, i, budget, earlier);
        return RunStage(space, budget, chosen);
    }

    /// <summary>Runs the next stage with given trials.</summary>
    /// <param name="space">The space that they come from.</param>
    /// <param name="budget">The budget of each, at least 1.</param>
    /// <param name="trials">The trials, by ascending number; their stage and budget are this stage's.</param>
    /// <exception cref="ArgumentException">A trial's stage, budget or number is not as it should be.</exception>
    /// <exception cref="SearchCanceledException">The search was canceled.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used, or holds other trials than these.</exception>
    public StageResult RunStage(SearchSpace space, int budget, IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        for (int i = 0; i < trials.Count; i++)
        {
            if (trials[i].Stage != _stages.Count || trials[i].Budget != budget || (i > 0 && trials[i].Number <= trials[i - 1].Number))
            {
                throw new ArgumentException(
                    $"Expected trials of stage {_stages.Count} and budget {budget} by ascending number; "
                    + $"found {trials[i]}, budget {trials[i].Budget}.",
                    nameof(trials));
            }
        }
        TrialResult[] results = _runner.Run(trials, out bool complete);
        _stages.Add(new StageResult(_stages.Count, space, budget, [.. results], [.. _ranking.Rank(results)]));
        return complete ? _stages[^1] : throw new SearchCanceledException(Result, _cancellationToken);
    }

    /// <summary>Closes the store.</summary>
    public void Dispose() => _runner.Dispose();

    private Trial Choose(SearchSpace space, int stage, int number, int budget, IReadOnlyList<TrialResult> earlier)
    {
        RandomKey key = RandomKey.FromSeed(_search.Seed).Derive("search").Derive(stage).Derive(number);
        SearchPoint point = _search.Sampler.Sample(new SampleRequest(space, key, stage, number, earlier));
        if (!space.Contains(point))
            throw new InvalidOperationException($"The sampler ({_search.Sampler}) gave {point}; expected a point of {space}.");
        // 31 bits: a seed that is short to type and that any reader of JSON holds exactly.
        return new Trial(stage, number, budget, key.Derive("seed").BitsAt(0) >> 33, point);
    }
}
