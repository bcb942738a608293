using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search;

/// <summary>A stage of a <see cref="CoarseToFineSearch"/>: an immutable value.</summary>
/// <example><code>
/// var stage = new SearchStage(trials: 6, budget: 3) { Narrowing = new Narrowing { Best = 3, Margin = 0.1 } };
/// </code></example>
public sealed record SearchStage
{
    /// <summary>Makes a stage.</summary>
    /// <param name="trials">The number of trials, at least 1.</param>
    /// <param name="budget">
    /// The budget of each trial, in units of the objective's own such as cycles or epochs, at least 1. Default: 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public SearchStage(int trials, int budget = 1)
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

    /// <summary>
    /// The stage's ranges, where they are given rather than found. Default: null; the first stage then has the search's own space, and a
    /// later one what <see cref="Narrowing"/> makes of the stage before it.
    /// </summary>
    public SearchSpace? Space { get; init; }

    /// <summary>How the stage's ranges follow from the stage before it, where <see cref="Space"/> does not give them.</summary>
    public Narrowing Narrowing { get; init => field = PropertyGuard.NotNull(value); } = new();
}
