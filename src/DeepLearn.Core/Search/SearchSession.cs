using DeepLearn.Foundation;
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

    internal SearchSession(
        HyperparameterSearch search, TrialObjective objective, SearchRunOptions options, CancellationToken cancellationToken)
    {
        _search = search;
        _ranking = new TrialRanking(search.Goals);
        _cancellationToken = cancellationToken;
        _runner = new TrialRunner(search, objective, options, cancellationToken);
    }

    /// <summary>What was found so far.</summary>
    public SearchResult Result => new([.. _stages], [.. _ranking.Rank(_stages.SelectMany(stage => stage.Results))])
    {
        End = _runner.End ?? SearchEnd.AllTrials,
        Goals = _search.Goals,
        Differences = [.. _runner.Differences],
    };

    /// <summary>Runs the next stage with trials that the search's sampler chooses, each when it begins.</summary>
    /// <param name="space">The space that they come from.</param>
    /// <param name="trials">How many, at least 1.</param>
    /// <param name="budget">The budget of each, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the sampler cannot give so many trials.</exception>
    /// <exception cref="InvalidOperationException">The sampler gave a point outside the space.</exception>
    /// <exception cref="SearchCanceledException">The search was canceled.</exception>
    /// <exception cref="SearchFailedException">Too many trials failed in a row.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    /// <exception cref="IdentityMismatchException">The store holds other trials than these.</exception>
    public StageResult RunStage(SearchSpace space, int trials, int budget)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        RequireTrials(space, trials);
        int stage = _stages.Count;
        var maker = new TrialMaker(_search, space, stage, budget, [.. _stages.SelectMany(result => result.Results)]);
        return RunStage(space, budget, new StagePlan(
            stage,
            trials,
            _search.UsesHistory ? _search.Window : 0,
            index => index,
            maker.Make,
            IsCheap: !_search.Sampler.UsesHistory));
    }

    /// <summary>Runs the next stage with given trials.</summary>
    /// <param name="space">The space that they come from.</param>
    /// <param name="budget">The budget of each, at least 1.</param>
    /// <param name="trials">The trials, by ascending number; their stage and budget are this stage's.</param>
    /// <exception cref="ArgumentException">A trial's stage, budget or number is not as it should be.</exception>
    /// <exception cref="SearchCanceledException">The search was canceled.</exception>
    /// <exception cref="SearchFailedException">Too many trials failed in a row.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    /// <exception cref="IdentityMismatchException">The store holds other trials than these.</exception>
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
        int window = _search.Pruner.UsesHistory ? _search.Window : 0;
        return RunStage(space, budget, new StagePlan(
            _stages.Count, trials.Count, window, index => trials[index].Number, (index, _) => trials[index], IsCheap: true));
    }

    /// <summary>Throws unless the search's sampler can give that many trials of a space. Call it before the first stage runs.</summary>
    /// <param name="space">The space.</param>
    /// <param name="trials">The number of trials.</param>
    /// <exception cref="ArgumentOutOfRangeException">It cannot.</exception>
    public void RequireTrials(SearchSpace space, int trials)
    {
        ArgumentNullException.ThrowIfNull(space);
        _search.RequireTrials(space, trials, nameof(trials));
    }

    /// <summary>
    /// The best completed trials of a stage, as trials of the next one: on another budget, with their numbers, seeds and points.
    /// </summary>
    /// <param name="stage">The stage that they come from.</param>
    /// <param name="trials">The largest number of trials.</param>
    /// <param name="budget">The budget in the next stage.</param>
    /// <returns>The trials by number; fewer where fewer were completed.</returns>
    public Trial[] KeepBest(StageResult stage, int trials, int budget)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return
        [
            .. stage.Ranked
                .Where(result => result.State == TrialState.Completed)
                .Take(trials)
                .Select(result => result.Trial with { Stage = _stages.Count, Budget = budget })
                .OrderBy(trial => trial.Number),
        ];
    }

    /// <summary>Closes the store.</summary>
    public void Dispose() => _runner.Dispose();

    private StageResult RunStage(SearchSpace space, int budget, StagePlan plan)
    {
        TrialResult[] results = _runner.Run(plan, out bool complete);
        _stages.Add(new StageResult(plan.Stage, space, budget, [.. results], [.. _ranking.Rank(results)])
        {
            Goals = _search.Goals,
        });
        if (_runner.Failures is { } failures)
            throw new SearchFailedException(failures, Result);
        if (!complete)
            throw new SearchCanceledException(Result, _cancellationToken);
        return _runner.End is null ? _stages[^1] : throw new SearchEndedException();
    }
}
