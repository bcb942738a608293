using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search;

/// <summary>A search in one stage: a number of trials from one space, all with the same budget.</summary>
/// <remarks>The number of trials may be raised later: the search then goes on from its store with those that are new.</remarks>
/// <example><code>
/// var search = new SingleStageSearch(space, trials: 12) { Sampler = new TpeSampler(), Window = 4, Seed = 1 };
/// SearchResult found = search.Run(objective, new() { Executor = new ThreadExecutor(2) });
/// Console.WriteLine(found.Best!.Trial);
/// </code></example>
public sealed record SingleStageSearch : HyperparameterSearch
{
    /// <summary>Makes a search in one stage.</summary>
    /// <param name="space">The hyper-parameters and the values they may take.</param>
    /// <param name="trials">The number of trials, at least 1.</param>
    /// <param name="budget">The budget of each trial, in units of the objective's own, at least 1. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public SingleStageSearch(SearchSpace space, int trials, int budget = 1)
        : base(space)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        Trials = trials;
        Budget = budget;
    }

    /// <summary>The number of trials.</summary>
    public int Trials { get; }

    /// <summary>The budget of each trial.</summary>
    public int Budget { get; }

    /// <inheritdoc/>
    public override int TotalTrials => Trials;

    /// <inheritdoc/>
    protected override IEnumerable<IdentityField> Describe() =>
        [new("stage 0", string.Create(CultureInfo.InvariantCulture, $"budget {Budget}"))];

    /// <inheritdoc/>
    protected override void RunStages(SearchSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.RunStage(Space, Trials, Budget);
    }
}
