using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.TwoLayerCifar10.Results;

namespace DeepLearn.Samples.TwoLayerCifar10.Report;

/// <summary>The tables of the parts, the same on the terminal and in the report.</summary>
internal static class ReportTables
{
    private const int BestOfStage = 3;

    /// <summary>A table for each parameter, a row for each case.</summary>
    public static IEnumerable<ReportTable> Gradients(IReadOnlyList<GradientCell> cells) => cells
        .GroupBy(cell => cell.Parameter)
        .Select(parameter => new ReportTable(
            $"Gradient of {parameter.Key}",
            [new("Case", false), new("Largest absolute difference"), new("Largest relative difference")],
            [.. parameter.Select(cell =>
                Row(cell.Case, Format.Scientific(cell.MaxAbsoluteDifference), Format.Scientific(cell.MaxRelativeDifference)))]))
        .OrderBy(table => table.Caption.Contains(" b", StringComparison.Ordinal));

    /// <summary>A row for each run.</summary>
    public static ReportTable Cycles(IReadOnlyList<CyclesRun> runs) => new(
        "Cycles",
        [new("n_s"), new("Cycles"), new("Training accuracy"), new("Validation accuracy"), new("Test accuracy"), new("Training time")],
        [.. runs.Select(run => Row(
            Format.Count(run.StepSize),
            Format.Count(run.Cycles),
            Format.Percent(run.Curve[^1].TrainingAccuracy),
            Format.Percent(run.Curve[^1].ValidationAccuracy),
            Format.Percent(run.TestAccuracy),
            Format.Seconds(run.Seconds)))]);

    /// <summary>The best three trials of each stage.</summary>
    public static IEnumerable<ReportTable> BestTrials(SearchPartResult search) =>
        search.Outcome.Stages.Select((stage, i) =>
            Trials($"Stage {i + 1}, the best of {stage.Trials.Count} trials", stage, search.Ranges[i], BestOfStage));

    /// <summary>All trials of each stage, best first.</summary>
    public static IEnumerable<ReportTable> AllTrials(SearchPartResult search) =>
        search.Outcome.Stages.Select((stage, i) => Trials($"Stage {i + 1}, all trials", stage, search.Ranges[i], int.MaxValue));

    /// <summary>What came of the final run, beside what the report had.</summary>
    public static ReportTable Final(FinalPartResult final) => new(
        "Final run",
        [new("", false), new("This run"), new("The report")],
        [
            Row("lambda", Format.Significant(final.Outcome.Lambda), Format.Significant(FinalPart.ReportedLambda)),
            Row("Test accuracy", Format.Percent(final.Outcome.TestAccuracy), Format.Percent(FinalPart.ReportedAccuracy)),
            Row("Validation accuracy", Format.Percent(final.Outcome.ValidationAccuracy), ""),
            Row("Training accuracy", Format.Percent(final.Outcome.TrainingAccuracy), ""),
            Row("Update steps", Format.Count(final.Outcome.Steps), ""),
            Row("Training time", Format.Seconds(final.Outcome.Seconds), ""),
        ]);

    private static ReportTable Trials(string caption, StageOutcome stage, LambdaRange range, int count) => new(
        Format.Text($"{caption}: {stage.Cycles} cycles, lambda {range.Minimum:g2} to {range.Maximum:g2}"),
        [new("lambda"), new("Validation accuracy"), new("Seed"), new("Training time")],
        [.. stage.Trials.OrderByDescending(trial => trial.ValidationAccuracy ?? -1).Take(count).Select(trial => Row(
            Format.Significant(trial.Lambda),
            trial.ValidationAccuracy is { } accuracy ? Format.Percent(accuracy) : "diverged",
            Format.Text($"{trial.Seed}"),
            Format.Seconds(trial.Seconds)))]);

    private static string[] Row(params string[] cells) => cells;
}
