using System.Globalization;
using DeepLearn.Search.Trials;

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
        (long step, double score) = request.Reports[^1];
        if (double.IsNaN(score))
            return true;
        long before = request.Reports.Count > 1 ? request.Reports[^2].Step : 0;
        if (RungAt(step) is not { } rung || rung <= before)
            return false;
        double[] others = request.History.Cache(request.Direction, () => new ScoresAtSteps(request.Direction)).At(request.History, step);
        double own = ScoresAtSteps.Badness(score, request.Direction);
        int better = others.Count(other => other < own);
        return better >= Math.Max(1, (others.Length + 1) / Factor);
    }

    // The last decision at or before a step; null before the first.
    private long? RungAt(long step)
    {
        if (step < FirstStep)
            return null;
        long rung = FirstStep;
        while (rung <= step / Factor)
            rung *= Factor;
        return rung;
    }
}
