using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.BeyondTheReport.Results;

namespace DeepLearn.Samples.BeyondTheReport.Report;

/// <summary>The tables of the experiments, the same on the terminal and in the report.</summary>
internal static class ReportTables
{
    /// <summary>What there is to choose from.</summary>
    public static ReportTable Shelf() => new(
        "Experiments, and an estimate of the time that each takes on two idle cores",
        [new("Name", false), new("Experiment", false), new("Minutes"), new("To reach on the test set")],
        [
            .. BeyondTheReport.Shelf.Experiments.Select(experiment => new[]
            {
                experiment.Name,
                experiment.Title,
                Format.Text($"{experiment.Minutes:g3}") + (experiment.OnlyByName ? ", only by name" : ""),
                experiment.Aim is { } aim ? Format.Text($"{aim * 100:f0} %") : "",
            }),
        ]);

    /// <summary>The tables of an experiment: its runs, and what else it has.</summary>
    public static IReadOnlyList<ReportTable> Of(Experiment experiment, ExperimentResult result) =>
    [
        Runs(experiment, result),
        .. result.Sweep is { } sweep ? (ReportTable[])[Sweep(sweep)] : [],
        .. result.Ensembles is { } ensembles ? (ReportTable[])[Ensembles(ensembles)] : [],
    ];

    private static ReportTable Runs(Experiment experiment, ExperimentResult result)
    {
        ReportColumn[] columns =
        [
            new("Run", false),
            new("Parameters"),
            new("Epochs"),
            new("Training accuracy"),
            new("Validation accuracy"),
            new("Test accuracy"),
            .. experiment.ShowsCalibration ? (ReportColumn[])[new("Calibration error")] : [],
            new("Training time"),
        ];
        return new(experiment.Title, columns, [.. result.Runs.Select(run => Run(experiment, run.Name, run.Outcome))]);
    }

    private static string[] Run(Experiment experiment, string name, RunOutcome outcome) =>
    [
        name,
        Format.Count(outcome.Parameters),
        Format.Text($"{outcome.Epochs:0.#}"),
        Percent(outcome.TrainingAccuracy),
        Percent(outcome.ValidationAccuracy),
        Percent(outcome.TestAccuracy),
        .. experiment.ShowsCalibration ? (string[])[Percent(outcome.CalibrationError)] : [],
        Format.Seconds(outcome.Seconds),
    ];

    private static ReportTable Sweep(SweepOutcome sweep) => new(
        "What the range test suggests",
        [new("Minimum"), new("Maximum"), new("Steps")],
        [[Rate(sweep.Minimum), Rate(sweep.Maximum), Format.Count(sweep.Points.Count) + (sweep.Diverged ? ", until the loss grew" : "")]]);

    private static ReportTable Ensembles(IReadOnlyList<EnsembleOutcome> ensembles) => new(
        "Test accuracy of the cycles' ends",
        [new("Cycles"), new("The last one alone"), new("Mean of all"), new("Majority vote of all")],
        [
            .. ensembles.Select(row => new[]
            {
                Format.Count(row.Cycles),
                Format.Percent(row.LastAccuracy),
                Format.Percent(row.AverageAccuracy),
                Format.Percent(row.VoteAccuracy),
            }),
        ]);

    private static string Percent(double? fraction) => fraction is { } value ? Format.Percent(value) : "diverged";

    private static string Rate(double? rate) => rate is { } value ? Format.Significant(value) : "none";
}
