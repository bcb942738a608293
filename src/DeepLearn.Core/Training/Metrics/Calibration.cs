using DeepLearn.Foundation;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// How far a network's confidence can be trusted: its accuracy by ranges of confidence, from the least to the greatest. An immutable value.
/// </summary>
/// <param name="Bins">The ranges, in order, which together reach from 0 to 1.</param>
/// <example><code>
/// var accumulator = new CalibrationAccumulator(classes: 10);
/// accumulator.Add&lt;float&gt;(model.Predict(new Matrix&lt;float&gt;(2, model.InputShape.Count)), [0, 1]);
/// Console.WriteLine($"{accumulator.ToCalibration().ExpectedError:f3}");
/// </code></example>
public sealed record Calibration(ValueList<CalibrationBin> Bins)
{
    /// <summary>The number of examples.</summary>
    public long Count => Bins.Sum(bin => bin.Count);

    /// <summary>
    /// The mean over the examples of the gap between confidence and accuracy of their range, from 0 to 1; NaN where there are none.
    /// </summary>
    public double ExpectedError => Occupied.Sum(bin => bin.Count * Gap(bin)) / Count;

    /// <summary>The greatest gap between confidence and accuracy of a range, from 0 to 1; NaN where there are no examples.</summary>
    public double MaximumError => Count == 0 ? double.NaN : Occupied.Max(Gap);

    private IEnumerable<CalibrationBin> Occupied => Bins.Where(bin => bin.Count > 0);

    private static double Gap(CalibrationBin bin) => Math.Abs(bin.Confidence - bin.Accuracy);
}
