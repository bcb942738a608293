using System.Globalization;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>
/// Hyperband: trials are shared out among brackets of successive halving, the first of which decides early and the last never. It so works
/// well whether early scores predict the final ones or not.
/// </summary>
/// <remarks>
/// Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", 2018:
/// bracket s of S begins to decide at the step r eta^s, and has trials in proportion to eta^(S - s) (S + 1) / (S - s + 1), so that all
/// brackets cost about the same. Departures: trials are stopped one by one, as <see cref="SuccessiveHalvingPruner"/> does, within their
/// bracket; which bracket a trial is in follows from its number.
/// </remarks>
/// <example><code>SingleStageSearch pruned = search with { Pruner = new HyperbandPruner(firstStep: 100, lastStep: 900) };</code></example>
public sealed record HyperbandPruner : Pruner
{
    private readonly int[] _ends;
    private readonly int _stride;

    /// <summary>A pruner.</summary>
    /// <param name="firstStep">The step r of the first decision of the first bracket, at least 1.</param>
    /// <param name="lastStep">The step of a trial's end, at least <paramref name="firstStep"/>.</param>
    /// <param name="factor">The factor eta between two decisions, at least 2. Default: 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public HyperbandPruner(long firstStep, long lastStep, int factor = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstStep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastStep, firstStep);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        FirstStep = firstStep;
        LastStep = lastStep;
        Factor = factor;
        int last = 0;
        double share = 1;
        for (long step = firstStep; step <= lastStep / factor; step *= factor)
            (last, share) = (last + 1, share * factor);
        _ends = new int[last + 1];
        for (int bracket = 0; bracket <= last; bracket++, share /= factor)
        {
            double trials = Math.Min(1e6, Math.Ceiling(share * (last + 1) / (last - bracket + 1)));
            _ends[bracket] = (bracket > 0 ? _ends[bracket - 1] : 0) + (int)trials;
        }

        // Neighbors far from each other, and every place once: a step about the golden section of the cycle, without a common divisor.
        _stride = (int)Math.Max(1, Math.Round(0.6180339887 * _ends[^1]));
        while (GreatestCommonDivisor(_stride, _ends[^1]) != 1)
            _stride++;
    }

    /// <summary>The step of the first decision of the first bracket.</summary>
    public long FirstStep { get; }

    /// <summary>The step of a trial's end.</summary>
    public long LastStep { get; }

    /// <summary>The factor between two decisions.</summary>
    public int Factor { get; }

    /// <summary>The number of brackets.</summary>
    public int Brackets => _ends.Length;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"Hyperband by {Factor} from step {FirstStep} to {LastStep}");

    /// <summary>The bracket of a trial, from 0; 0 decides first.</summary>
    /// <param name="number">The trial's number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int BracketOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        int place = (int)((long)number * _stride % _ends[^1]), bracket = 0;
        while (place >= _ends[bracket])
            bracket++;
        return bracket;
    }

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int bracket = BracketOf(request.Trial.Number);
        long first = FirstStep;
        for (int i = 0; i < bracket; i++)
            first *= Factor;
        ScoresAtSteps scores = request.History.Cache(
            (this, request.Direction, bracket),
            () => new ScoresAtSteps(request.Direction, result => BracketOf(result.Trial.Number) == bracket));

        // The last bracket runs its trials to their end.
        return bracket < Brackets - 1
            ? HalvingRule.ShouldStop(request, first, Factor, scores)
            : double.IsNaN(request.Reports[^1].Score);
    }

    /// <summary>Whether another pruner has the same numbers.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(HyperbandPruner? other) =>
        other is not null && (FirstStep, LastStep, Factor) == (other.FirstStep, other.LastStep, other.Factor);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FirstStep, LastStep, Factor);

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
