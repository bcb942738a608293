using DeepLearn.Samples.Reporting.Figures;
using DeepLearn.Samples.TwoLayerCifar10.Results;
using DeepLearn.Schedules;

namespace DeepLearn.Samples.TwoLayerCifar10.Report;

/// <summary>The panels of a training run: cost, loss and accuracy on both sets, and the learning rate, against the update step.</summary>
internal static class LearningCurves
{
    private const string Steps = "update step";

    public static IReadOnlyList<Panel> Panels(string run, long stepSize, int cycles, IReadOnlyList<CurvePoint> curve) =>
    [
        Pair($"Cost, {run}", "cost", curve, point => point.TrainingCost, point => point.ValidationCost) with { Minimum = 0 },
        Pair($"Loss, {run}", "loss", curve, point => point.TrainingLoss, point => point.ValidationLoss) with { Minimum = 0 },
        Pair($"Accuracy, {run}", "accuracy", curve, point => point.TrainingAccuracy, point => point.ValidationAccuracy) with
        {
            IsPercentage = true,
            Minimum = 0,
        },
        Rate($"Learning rate, {run}", stepSize, cycles),
    ];

    private static Panel Pair(
        string title,
        string measure,
        IReadOnlyList<CurvePoint> curve,
        Func<CurvePoint, double> training,
        Func<CurvePoint, double> validation)
    {
        double[] steps = [.. curve.Select(point => (double)point.Step)];
        return new(title, Steps, measure,
        [
            new Series("training", steps, [.. curve.Select(training)]),
            new Series("validation", steps, [.. curve.Select(validation)]) { Color = 1 },
        ]);
    }

    // Straight lines between the ends of the ramps: the schedule itself, not the points at which something was measured.
    private static Panel Rate(string title, long stepSize, int cycles)
    {
        var schedule = new TriangularSchedule(TwoLayerNetwork.MinimumRate, TwoLayerNetwork.MaximumRate, stepSize);
        long[] corners = [.. Enumerable.Range(0, (2 * cycles) + 1).Select(i => i * stepSize)];
        return new(title, Steps, "learning rate",
        [
            new Series("", [.. corners.Select(step => (double)step)], [.. corners.Select(schedule.RateAt)]) { Color = 2 },
        ])
        { Minimum = 0 };
    }
}
