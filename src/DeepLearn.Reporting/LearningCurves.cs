using DeepLearn.Reporting.Figures;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Reporting;

/// <summary>Draws the learning curves of a training run: loss, accuracy where there are classes, and the learning rate.</summary>
/// <example><code>LearningCurves.Of(result.Curve, plan.Schedule).Save("curves.png");</code></example>
public static partial class LearningCurves
{
    private const string Steps = "update step";

    /// <summary>Makes the figure.</summary>
    /// <param name="curve">The points, as a <see cref="TrainingResult"/> or a trainer has them; at least one.</param>
    /// <param name="schedule">
    /// The schedule of the plan, from which the learning rate is drawn. Default null: it is drawn through the points, which miss its turns.
    /// </param>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public static Figure Of(IReadOnlyList<TrainingPoint> curve, LearningRateSchedule? schedule = null)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (curve.Count == 0)
        {
            throw new ArgumentException(
                "Learning curves have at least one point; found none. The plan's evaluations make them.", nameof(curve));
        }
        return Of(curve, schedule, []);
    }

    /// <summary>Makes the figure of a run under way, which may have no point yet, with the losses of batches.</summary>
    internal static Figure Of(
        IReadOnlyList<TrainingPoint> curve, LearningRateSchedule? schedule, IReadOnlyList<(double Step, double Loss)> batches)
    {
        foreach (TrainingPoint point in curve)
            ArgumentNullException.ThrowIfNull(point, nameof(curve));
        LinePanel loss = Pair("Loss", "loss", curve, evaluation => evaluation.Loss);
        if (batches.Count > 0)
        {
            var line = new Series("batches", [.. batches.Select(batch => batch.Step)], [.. batches.Select(batch => batch.Loss)])
            {
                Shade = 0.4,
                HasMarkers = batches.Count == 1,
            };
            loss = loss with { Series = [line, .. curve.Count > 0 ? loss.Series : []] };
        }
        var panels = new List<Panel> { loss };
        if (curve.Any(point => point.Training.Accuracy is not null))
            panels.Add(Pair("Accuracy", "accuracy", curve, evaluation => evaluation.Accuracy) with { IsPercentage = true });
        panels.Add(Rate(curve, schedule, Math.Max(curve.Count > 0 ? curve[^1].Step : 0, batches.Count > 0 ? (long)batches[^1].Step : 0)));
        string sets = curve.Any(point => point.Validation is not null) ? "the training set and the validation set" : "the training set";
        return new(
            "learning-curves", $"Learning curves against the update step, measured on {sets}, and the learning rate.", panels.Count,
            panels);
    }

    private static LinePanel Pair(string title, string measure, IReadOnlyList<TrainingPoint> curve, Func<Evaluation, double?> value)
    {
        var series = new List<Series> { Line("training", 0, point => point.Training) };
        if (curve.Any(point => point.Validation is not null))
            series.Add(Line("validation", 1, point => point.Validation));
        return new(title, Steps, measure, series);
        Series Line(string name, int color, Func<TrainingPoint, Evaluation?> set) => new(
            name,
            [.. curve.Select(point => (double)point.Step)],
            [.. curve.Select(point => (set(point) is { } evaluation ? value(evaluation) : null) ?? double.NaN)])
        {
            Color = color,
            HasMarkers = curve.Count == 1,
        };
    }

    private static LinePanel Rate(IReadOnlyList<TrainingPoint> curve, LearningRateSchedule? schedule, long steps)
    {
        (long Step, double Rate)[] points = schedule is null
            ? [.. curve.Select(point => (point.Step, point.LearningRate))]
            : [.. ScheduleCurve.Of(schedule, Math.Max(1, steps))];
        var line = new Series("", [.. points.Select(point => (double)point.Step)], [.. points.Select(point => point.Rate)])
        {
            Color = 2,
            HasMarkers = points.Length == 1,
        };
        return new("Learning rate", Steps, "learning rate", [line]) { Minimum = 0 };
    }
}
