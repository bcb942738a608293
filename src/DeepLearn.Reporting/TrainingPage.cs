using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Live;
using DeepLearn.Reporting.Tables;
using DeepLearn.Training;

namespace DeepLearn.Reporting;

/// <summary>Makes a page of a training run: how far it came, its learning curves, and a table of its evaluations.</summary>
/// <example><code>TrainingPage.Of(trainer.Run(), plan).Save("training.html");</code></example>
public static class TrainingPage
{
    // A table of more rows is read by nobody; LearningCurves.Table has all of them.
    private const int MostRows = 40;

    /// <summary>Makes the page.</summary>
    /// <param name="result">What came of the run; at least one point.</param>
    /// <param name="plan">Its plan, from whose schedule the learning rate is drawn.</param>
    /// <param name="title">The heading of the page.</param>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public static HtmlReport Of(TrainingResult result, TrainingPlan plan, string title = "Training")
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(plan);
        if (result.Curve.Count == 0)
            throw new ArgumentException("A page has at least one point of the learning curves; found none.", nameof(result));
        var progress = new TrainingProgress(result.Steps, result.Steps, double.NaN, result.Seconds, result.Curve[^1]);
        HtmlReport page = UnderWay(new(progress, [], result.Curve), plan, title);
        return result.Stopped ? page.Notice("A callback stopped it before its planned end.") : page;
    }

    /// <summary>Makes the page of a run under way.</summary>
    internal static HtmlReport UnderWay(RunSnapshot run, TrainingPlan plan, string title)
    {
        var page = new HtmlReport(title);
        if (run.Latest is not { } latest)
            return page;
        HtmlSection summary = page.Section("summary", "Summary");
        summary.Numbers([.. Numbers(latest)]);
        if (run.Points.Count > 0 || run.Batches.Count > 0)
            page.Section("curves", "Learning curves").Figure(LearningCurves.Of(run.Points, plan.Schedule, run.Batches));
        if (run.Points.Count > 0)
            page.Section("evaluations", "Evaluations").Tables(Evaluations(run.Points));
        return page;
    }

    private static IEnumerable<(string Name, string Value)> Numbers(TrainingProgress latest)
    {
        yield return (
            latest.Step == latest.TotalSteps ? "steps" : $"steps of {Format.Count(latest.TotalSteps)}", Format.Count(latest.Step));
        yield return ("time", Format.Duration(TimeSpan.FromSeconds(latest.Seconds)));
        if (latest.StepsPerSecond > 0)
            yield return ("steps a second", Format.Text($"{latest.StepsPerSecond:n0}"));
        if (double.IsFinite(latest.Loss))
            yield return ("loss of the last batch", Format.Significant(latest.Loss));
        if (latest.Latest is not { } point)
            yield break;
        (string set, Evaluation evaluation) = point.Validation is { } measured ? ("validation", measured) : ("training", point.Training);
        yield return evaluation.Accuracy is { } accuracy
            ? ($"{set} accuracy", Format.Percent(accuracy))
            : ($"{set} loss", Format.Significant(evaluation.Loss));
    }

    private static ReportTable Evaluations(IReadOnlyList<TrainingPoint> points)
    {
        bool hasAccuracy = points.Any(point => point.Training.Accuracy is not null);
        bool hasValidation = points.Any(point => point.Validation is not null);
        List<(string Name, Func<TrainingPoint, string> Text)> columns =
        [
            ("Step", point => Format.Count(point.Step)),
            ("Epochs", point => Format.Text($"{point.Epochs:0.##}")),
            ("Learning rate", point => Format.Significant(point.LearningRate)),
        ];
        Add("Training", point => point.Training);
        if (hasValidation)
            Add("Validation", point => point.Validation);
        string caption = points.Count > MostRows
            ? Format.Text($"The last {MostRows} of {points.Count} evaluations") : "All evaluations";
        return new(
            caption,
            [.. columns.Select(column => new ReportColumn(column.Name))],
            [.. points.TakeLast(MostRows).Select(point => (string[])[.. columns.Select(column => column.Text(point))])]);

        void Add(string set, Func<TrainingPoint, Evaluation?> of)
        {
            columns.Add(($"{set} loss", point => of(point) is { } evaluation ? Format.Significant(evaluation.Loss) : ""));
            if (hasAccuracy)
                columns.Add(($"{set} accuracy", point => of(point)?.Accuracy is { } accuracy ? Format.Percent(accuracy) : ""));
        }
    }
}
