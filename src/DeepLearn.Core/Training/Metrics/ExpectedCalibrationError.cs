using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// How far confidence is from accuracy: <c>sum_b n_b / n * |accuracy(b) - confidence(b)|</c> over ranges b of confidence of equal width,
/// from 0 to 1. The confidence of an example is the largest element of the softmax of its outputs.
/// </summary>
/// <remarks>
/// Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017. A range holds its upper end and not its lower one, as
/// there. Outputs are scores, before the softmax. Confidences are computed in double and rounded to multiples of 2^-32, so that their sums
/// are exact. An example whose confidence is not a number, as where a score is NaN or plus infinity, counts as wholly confident.
/// </remarks>
public sealed record ExpectedCalibrationError : Metric
{
    private const int Usual = 15;

    /// <summary>The error over a number of ranges.</summary>
    /// <param name="bins">The number of ranges, at least 1. Default 15, as in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is below 1.</exception>
    public ExpectedCalibrationError(int bins = Usual)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        Bins = bins;
    }

    /// <summary>The number of ranges.</summary>
    public int Bins { get; }

    /// <inheritdoc/>
    public override string Name => Bins == Usual
        ? "expected calibration error" : FormattableString.Invariant($"expected calibration error of {Bins} ranges");

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Classes > 0;
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) => new CalibrationAccumulator(task, Bins);
}
