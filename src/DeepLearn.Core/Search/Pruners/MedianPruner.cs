using System.Globalization;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>Stops a trial whose best score so far is worse than the median of what earlier trials had at the same step.</summary>
/// <remarks>
/// The median stopping rule of Golovin and others, "Google Vizier: A Service for Black-Box Optimization", 2017. There a trial is compared
/// with the running averages of all trials completed so far; here with the scores at the step, of the trials of earlier groups alone (see
/// <see cref="Pruner"/>), pruned ones included as far as they came. An earlier trial's score at a step is its last report at or before
/// it, and counts if the trial came that far. A score that is not a number stops the trial.
/// </remarks>
public sealed record MedianPruner : Pruner
{
    /// <summary>A median pruner.</summary>
    /// <param name="groupSize">How many trials make a group, at least 1. Default: 8.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="groupSize"/> is below 1.</exception>
    public MedianPruner(int groupSize = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groupSize, 1);
        GroupSize = groupSize;
    }

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
    public override int GroupSize { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"median of at least {MinimumTrials} from step {FirstStep}, groups of {GroupSize}");

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        long step = request.Reports[^1].Step;
        if (step < FirstStep)
            return false;
        if (double.IsNaN(request.Reports[^1].Score))
            return true;
        var others = new List<double>();
        foreach (TrialResult earlier in request.Earlier)
        {
            if (earlier.Reports.Count > 0 && earlier.Reports[^1].Step >= step && earlier.Reports[0].Step <= step)
                others.Add(Badness(earlier.Reports.Last(report => report.Step <= step).Score, request.Direction));
        }
        if (others.Count < MinimumTrials)
            return false;
        others.Sort();
        double median = others.Count % 2 == 1
            ? others[others.Count / 2]
            : (others[(others.Count / 2) - 1] / 2) + (others[others.Count / 2] / 2);
        return request.Reports.Min(report => Badness(report.Score, request.Direction)) > median;
    }

    // Smaller is better; a score that is not a number is worst.
    private static double Badness(double score, SearchDirection direction) =>
        double.IsNaN(score) ? double.PositiveInfinity : direction == SearchDirection.Maximize ? -score : score;
}
