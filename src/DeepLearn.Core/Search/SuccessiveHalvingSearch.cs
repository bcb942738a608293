using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// Many points on a small budget, the better part of them again on a larger one, and so on: stage s has the best <c>trials / factor^s</c>
/// points on a budget of <c>budget * factor^s</c>.
/// </summary>
/// <remarks>
/// Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", 2016. There a point that is kept
/// continues its training. Here it becomes a new trial with the same seed, whose score is a function of the trial alone; an objective with
/// <see cref="TrainingRungs"/> still continues its training. A stage begins when the one before it has ended, so that the points that are
/// kept do not depend on which trials end first. A trial keeps its number and seed from stage to stage. Where fewer trials were completed
/// than the next stage would have, it has those; the search ends where there is none.
/// </remarks>
/// <example><code>
/// // 16 trials of budget 1, the best 8 of them with budget 2, the best 4 with budget 4.
/// var search = new SuccessiveHalvingSearch(space, trials: 16, stages: 3);
/// Console.WriteLine(search.Run(objective).Stages.Count);    // prints 3
/// </code></example>
public sealed record SuccessiveHalvingSearch : HyperparameterSearch
{
    /// <summary>Makes a search by successive halving.</summary>
    /// <param name="space">The hyper-parameters and the values they may take.</param>
    /// <param name="trials">The number of trials of the first stage, at least 1.</param>
    /// <param name="stages">The number of stages, at least 1.</param>
    /// <param name="budget">The budget of each trial of the first stage, at least 1. Default: 1.</param>
    /// <param name="factor">
    /// By how much the budget grows and the number of trials falls from stage to stage, at least 2. Default: 2.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is out of its range, there are more stages than trials can be halved, or the last stage's budget is beyond an
    /// <see cref="int"/>.
    /// </exception>
    public SuccessiveHalvingSearch(SearchSpace space, int trials, int stages, int budget = 1, int factor = 2)
        : base(space)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        long fewest = trials;
        for (int i = 1; i < stages; i++)
            fewest /= factor;
        if (fewest < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(stages), stages,
                $"A trial of each stage has a competitor in the one before; {trials} trials run out before so many stages.");
        }
        long last = budget;
        for (int i = 1; i < stages && last <= int.MaxValue; i++)
            last *= factor;
        if (last > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(stages), stages, $"The last stage's budget is at most {int.MaxValue}.");
        Trials = trials;
        StageCount = stages;
        Budget = budget;
        Factor = factor;
    }

    /// <summary>The number of trials of the first stage.</summary>
    public int Trials { get; }

    /// <summary>The number of stages.</summary>
    public int StageCount { get; }

    /// <summary>The budget of each trial of the first stage.</summary>
    public int Budget { get; }

    /// <summary>By how much the budget grows and the number of trials falls from stage to stage.</summary>
    public int Factor { get; }

    /// <inheritdoc/>
    public override int TotalTrials
    {
        get
        {
            int total = 0;
            for (int stage = 0, trials = Trials; stage < StageCount; stage++, trials /= Factor)
                total = checked(total + trials);
            return total;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<IdentityField> Describe() =>
    [
        new("stages", string.Create(
            CultureInfo.InvariantCulture, $"{Trials} trials, {StageCount} stages of halving by {Factor}, budget {Budget} in the first")),
    ];

    /// <inheritdoc/>
    protected override void RunStages(SearchSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        StageResult previous = session.RunStage(Space, Trials, Budget);
        int trials = Trials;
        for (int stage = 1; stage < StageCount; stage++)
        {
            trials /= Factor;
            int budget = previous.Budget * Factor;
            Trial[] kept = session.KeepBest(previous, trials, budget);
            if (kept.Length == 0)
                return;
            previous = session.RunStage(Space, budget, kept);
        }
    }
}
