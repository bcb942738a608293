using System.Globalization;
using DeepLearn.Reporting.Tables;
using DeepLearn.Training;

namespace DeepLearn.Reporting;

public static partial class LearningCurves
{
    /// <summary>
    /// Makes a table of exact numbers, for other programs: a row for each point, with step, epochs, learning rate, and cost, loss,
    /// accuracy and further metrics on the training set
    /// and the validation set. A cell is empty where there is no value.
    /// </summary>
    /// <param name="curve">The points, as a <see cref="TrainingResult"/> or a trainer has them.</param>
    /// <example><code>LearningCurves.Table(result.Curve).Save("curves.csv");</code></example>
    public static ReportTable Table(IReadOnlyList<TrainingPoint> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        foreach (TrainingPoint point in curve)
            ArgumentNullException.ThrowIfNull(point, nameof(curve));
        (string Name, Func<TrainingPoint, double?> Value)[] columns =
        [
            ("step", point => point.Step),
            ("epochs", point => point.Epochs),
            ("learning rate", point => point.LearningRate),
            .. Set("training", point => point.Training),
            .. Set("validation", point => point.Validation),
        ];
        return new(
            "Learning curves",
            [.. columns.Select(column => new ReportColumn(column.Name))],
            [.. curve.Select(point => (string[])[.. columns.Select(column => Text(column.Value(point)))])]);

        static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

        IEnumerable<(string, Func<TrainingPoint, double?>)> Set(string set, Func<TrainingPoint, Evaluation?> of)
        {
            if (!curve.Any(point => of(point) is not null))
                yield break;
            yield return ($"{set} cost", point => of(point)?.Cost);
            yield return ($"{set} loss", point => of(point)?.Loss);
            if (curve.Any(point => of(point)?.Accuracy is not null))
                yield return ($"{set} accuracy", point => of(point)?.Accuracy);
            foreach (string metric in curve.SelectMany(point => of(point)?.Metrics ?? []).Select(metric => metric.Name).Distinct())
                yield return ($"{set} {metric}", point => Find(of(point), metric));
        }
    }

    private static double? Find(Evaluation? evaluation, string metric)
    {
        foreach (MetricValue value in evaluation?.Metrics ?? [])
        {
            if (value.Name == metric)
                return value.Value;
        }
        return null;
    }
}
