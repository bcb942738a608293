using DeepLearn.Reporting.Figures;
using DeepLearn.Samples.BeyondTheReport.Results;

namespace DeepLearn.Samples.BeyondTheReport.Report;

/// <summary>The figure of an experiment: the learning curves of its runs, and what else it has.</summary>
internal static class ReportFigures
{
    private const string Epochs = "epochs";

    public static Figure Of(Experiment experiment, ExperimentResult result)
    {
        Panel[] panels =
        [
            Curves("Validation accuracy", "accuracy", result, point => point.ValidationAccuracy) with { IsPercentage = true },
            Curves("Training accuracy", "accuracy", result, point => point.TrainingAccuracy) with { IsPercentage = true },
            Rates(result),
            .. result.Sweep is { } sweep ? (Panel[])[Sweep(sweep)] : [],
            .. result.Ensembles is { } ensembles ? (Panel[])[Ensembles(ensembles)] : [],
        ];
        string caption =
            $"{experiment.Title}: learning curves on the validation set and on part of the training set, and the learning rate "
            + "of the schedule"
            + (result.Sweep is null ? "" : "; the range test")
            + (result.Ensembles is null ? "" : "; ensembles of the first cycles' ends")
            + ".";
        return new(experiment.Name, caption, panels.Length > 3 ? 2 : 3, panels);
    }

    // A run that diverged before its first point has no line.
    private static LinePanel Curves(
        string title, string measure, ExperimentResult result, Func<CurvePoint, double> value) => new(
        title,
        Epochs,
        measure,
        [
            .. result.Runs.Select((run, i) => new Series(
                result.Runs.Count > 1 ? run.Name : "",
                [.. run.Outcome.Curve.Select(point => point.Epochs)],
                [.. run.Outcome.Curve.Select(value)])
            { Color = i }),
        ]);

    // From the schedule itself, since the points that are measured miss the tips of triangles.
    private static LinePanel Rates(ExperimentResult result) => new(
        "Learning rate",
        Epochs,
        "rate",
        [
            .. result.Runs.Select((run, i) =>
            {
                IReadOnlyList<RatePoint> rates = run.Outcome.Rates
                    ?? [.. run.Outcome.Curve.Select(point => new RatePoint(point.Epochs, point.LearningRate))];
                return new Series("", [.. rates.Select(point => point.Epochs)], [.. rates.Select(point => point.Rate)]) { Color = i };
            }),
        ])
    { Minimum = 0 };

    private static LinePanel Sweep(SweepOutcome sweep)
    {
        double[] rates = [.. sweep.Points.Select(point => point.Rate)];
        double[] smoothed = [.. sweep.Points.Select(point => point.SmoothedLoss)];

        // Where the loss explodes it is cut off: what matters is where it falls, and where it stops falling.
        double top = 1.5 * smoothed[0];
        var series = new List<Series>
        {
            new("each step", rates, [.. sweep.Points.Select(point => point.Loss <= top ? point.Loss : double.NaN)]) { Color = 1 },
            new("smoothed", rates, [.. smoothed.Select(loss => loss <= top ? loss : double.NaN)]),
        };
        if (sweep is { Minimum: { } minimum, Maximum: { } maximum })
        {
            double[] found = [.. new[] { minimum, maximum }.Select(rate => smoothed[Array.FindIndex(rates, other => other >= rate)])];
            series.Add(new("suggested range", [minimum, maximum], found) { Color = 2, IsLine = false, HasMarkers = true });
        }
        return new("Loss against learning rate", "learning rate", "loss of the batch", series) { IsLogarithmic = true };
    }

    private static LinePanel Ensembles(IReadOnlyList<EnsembleOutcome> ensembles)
    {
        double[] cycles = [.. ensembles.Select(row => (double)row.Cycles)];
        return new("Test accuracy of the cycles' ends", "cycles", "test accuracy",
        [
            new("the last one alone", cycles, [.. ensembles.Select(row => row.LastAccuracy)]) { HasMarkers = true },
            new("mean of all", cycles, [.. ensembles.Select(row => row.AverageAccuracy)]) { Color = 1, HasMarkers = true },
            new("majority vote of all", cycles, [.. ensembles.Select(row => row.VoteAccuracy)]) { Color = 2, HasMarkers = true },
        ])
        { IsPercentage = true };
    }
}
