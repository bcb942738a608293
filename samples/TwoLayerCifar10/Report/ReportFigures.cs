using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.TwoLayerCifar10.Results;

namespace DeepLearn.Samples.TwoLayerCifar10.Report;

/// <summary>The figures of the parts.</summary>
internal static class ReportFigures
{
    /// <summary>One column for each run, one row for each measure.</summary>
    public static Figure Cycles(IReadOnlyList<CyclesRun> runs)
    {
        IReadOnlyList<Panel>[] columns =
            [.. runs.Select(run => LearningCurves.Panels($"n_s = {run.StepSize}", run.StepSize, run.Cycles, run.Curve))];
        Panel[] rowByRow = [.. Enumerable.Range(0, columns[0].Count).SelectMany(row => columns.Select(column => column[row]))];
        string names = string.Join(
            "; ", runs.Select(run => $"n_s = {run.StepSize} for {run.Cycles} {(run.Cycles == 1 ? "cycle" : "cycles")}"));
        return new(
            "cycles",
            $"Learning curves against the update step: {names}. Measured ten times a cycle on the whole training and validation sets.",
            columns.Length,
            rowByRow);
    }

    /// <summary>Validation accuracy against lambda, a color for each stage.</summary>
    public static Figure Search(SearchPartResult search)
    {
        var series = new List<Series>();
        foreach (StageOutcome stage in search.Outcome.Stages)
        {
            TrialOutcome[] trials = [.. stage.Trials.Where(trial => trial.ValidationAccuracy is not null)];
            series.Add(new Series(
                $"stage {series.Count + 1}, {stage.Cycles} cycles",
                [.. trials.Select(trial => trial.Lambda)],
                [.. trials.Select(trial => trial.ValidationAccuracy!.Value)])
            {
                Color = series.Count,
                IsLine = false,
                HasMarkers = true,
            });
        }
        var panel = new LinePanel("Validation accuracy against lambda", "lambda", "validation accuracy", series)
        {
            IsLogarithmic = true,
            IsPercentage = true,
        };
        return new("search", "Each point is one trial: a network trained with that lambda and measured on the validation set.", 1, [panel]);
    }

    /// <summary>The learning curves of the final run.</summary>
    public static Figure Final(FinalPartResult final)
    {
        string name = $"lambda = {Format.Significant(final.Outcome.Lambda)}";
        return new(
            "final",
            "Learning curves against the update step, measured ten times a cycle on part of the training set (as many images as "
                + "there are for validation) and on the whole validation set.",
            2,
            LearningCurves.Panels(name, final.StepSize, final.Cycles, final.Curve));
    }
}
