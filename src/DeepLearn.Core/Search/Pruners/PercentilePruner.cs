using System.Globalization;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>
/// Stops a trial whose best score so far is not among the best percent of what earlier trials had at the same step. At 50 it is the median
/// stopping rule.
/// </summary>
/// <remarks>
/// Golovin and others, "Google Vizier: A Service for Black-Box Optimization", 2017, there with the median. A trial is compared there with
/// the running averages of all trials completed so far; here with the scores at the step, of the trials that it may see (see
/// <see cref="Pruner"/>), pruned ones included as far as they came. An earlier trial's score at a step is its last report at or before it,
/// and counts if the trial came that far. The percentile is linear between the two nearest scores. A score that is not a number stops the
/// trial.
/// </remarks>
/// <example><code>SingleStageSearch pruned = search with { Pruner = new PercentilePruner(25) { FirstStep = 2 } };</code></example>
public record PercentilePruner : Pruner
{
    /// <summary>Makes a percentile pruner.</summary>
    /// <param name="percent">The best percent that goes on, above 0 and below 100: 25 is stricter than 50.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is out of its range.</exception>
    public PercentilePruner(double percent)
    {
        if (!(percent is > 0 and < 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is above 0 and below 100.");
        Percent = percent;
    }

    /// <summary>The best percent that goes on.</summary>
    public double Percent { get; }

    /// <summary>How many earlier scores there must be at a step before a trial is stopped there, at least 1. Default: 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MinimumTrials
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 4;

    /// <summary>The step below which no trial is stopped. Default: 0.</summary>
    public long FirstStep { get; init; }

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"best {Percent:R} % of at least {MinimumTrials} from step {FirstStep}");

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (long step, double score) = request.Reports[^1];
        if (step < FirstStep)
            return false;
        if (double.IsNaN(score))
            return true;
        double[] others = request.History.Cache(request.Direction, () => new ScoresAtSteps(request.Direction)).At(request.History, step);
        return others.Length >= MinimumTrials
            && request.Reports.Min(report => ScoresAtSteps.Badness(report.Score, request.Direction)) > Quantile.Of(others, Percent / 100);
    }
}
