using System.Globalization;

namespace DeepLearn.Search.Pruners;

/// <summary>
/// Asynchronous successive halving (ASHA): at the steps r, r eta, r eta^2, ... a trial goes on only if it is among the best 1/eta of the
/// trials that came so far. So most of the time goes into the few that are good.
/// </summary>
/// <remarks>
/// Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht and Talwalkar, "A System for Massively Parallel Hyperparameter Tuning", 2020.
/// Departures: a trial is compared with the trials that it may see (see <see cref="Pruner"/>) and with itself, so that the decision does
/// not depend on time; and it is stopped for good, where the paper may take it up again. A score that is not a number stops the trial.
/// </remarks>
/// <example><code>
/// SingleStageSearch pruned = search with { Pruner = new SuccessiveHalvingPruner(firstStep: 100, factor: 4) };
/// </code></example>
public sealed record SuccessiveHalvingPruner : Pruner
{
    /// <summary>Makes a pruner.</summary>
    /// <param name="firstStep">The step r of the first decision, at least 1.</param>
    /// <param name="factor">The factor eta between two decisions, at least 2. Default: 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public SuccessiveHalvingPruner(long firstStep, int factor = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstStep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        FirstStep = firstStep;
        Factor = factor;
    }

    /// <summary>The step of the first decision.</summary>
    public long FirstStep { get; }

    /// <summary>The factor between two decisions.</summary>
    public int Factor { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"successive halving by {Factor} from step {FirstStep}");

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ScoresAtSteps scores = request.History.Cache(request.Direction, () => new ScoresAtSteps(request.Direction));
        return HalvingRule.ShouldStop(request, FirstStep, Factor, scores);
    }
}
