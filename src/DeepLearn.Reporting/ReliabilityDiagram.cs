using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Reporting;

/// <summary>
/// Draws how far a network's confidence can be trusted: accuracy against confidence (DeGroot and Fienberg, "The Comparison and Evaluation
/// of Forecasters", 1983), and how many examples have which confidence.
/// </summary>
/// <example><code>
/// var accumulator = new CalibrationAccumulator(classes: 10);
/// accumulator.Add&lt;float&gt;(model.Predict(new Matrix&lt;float&gt;(2, model.InputShape.Count)), [0, 1]);
/// ReliabilityDiagram.Of(accumulator.ToCalibration()).Save("calibration.png");
/// </code></example>
public static class ReliabilityDiagram
{
    /// <summary>Makes the figure.</summary>
    /// <param name="calibration">Accuracy by ranges of confidence, as <see cref="CalibrationAccumulator.ToCalibration"/> gives it.</param>
    public static Figure Of(Calibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        CalibrationBin[] bins = [.. calibration.Bins.Where(bin => bin.Count > 0)];
        var reliability = new LinePanel(
            $"Expected calibration error {Format.Percent(calibration.ExpectedError)}",
            "confidence",
            "accuracy",
            [
                new("perfect calibration", [0, 1], [0, 1]) { Color = 5 },
                new("this network", [.. bins.Select(bin => bin.Confidence)], [.. bins.Select(bin => bin.Accuracy)]) { HasMarkers = true },
            ])
        {
            IsPercentage = true,
            Minimum = 0,
            Maximum = 1.04,
        };
        var counts = new LinePanel(
            "Examples by confidence",
            "confidence",
            "examples",
            [
                new(
                    "",
                    [.. calibration.Bins.Select(bin => (bin.Lower + bin.Upper) / 2)],
                    [.. calibration.Bins.Select(bin => (double)bin.Count)])
                {
                    BarWidth = 0.92 / calibration.Bins.Count,
                },
            ])
        {
            Minimum = 0,
        };
        return new(
            "calibration",
            "Reliability diagram: where the points are below the line, the network is more confident than it is right.",
            2,
            [reliability, counts]);
    }
}
