using DeepLearn.Reporting;
using DeepLearn.Reporting.Figures;
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

    private static LinePanel Pair(
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

    // The schedule itself, not the points at which something was measured.
    private static LinePanel Rate(string title, long stepSize, int cycles)
    {
        var schedule = new TriangularSchedule(TwoLayerNetwork.MinimumRate, TwoLayerNetwork.MaximumRate, stepSize);
        IReadOnlyList<(long Step, double Rate)> points = ScheduleCurve.Of(schedule, schedule.StepsIn(cycles));
        return new(title, Steps, "learning rate",
        [
            new Series("", [.. points.Select(point => (double)point.Step)], [.. points.Select(point => point.Rate)]) { Color = 2 },
        ])
        { Minimum = 0 };
    }
}
