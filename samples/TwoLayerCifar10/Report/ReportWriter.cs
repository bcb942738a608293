using System.Text.Json;
using DeepLearn.Reporting.Figures;
using DeepLearn.Samples.CommandLine.Files;
using DeepLearn.Samples.TwoLayerCifar10.Results;

namespace DeepLearn.Samples.TwoLayerCifar10.Report;

/// <summary>
/// Writes <c>report.json</c>, <c>report.html</c> and the figures from the results that there are, each file whole or not at all.
/// </summary>
internal static class ReportWriter
{
    public static void Write(Experiment experiment, OutputFolder folder)
    {
        IReadOnlyList<GradientCell>? gradients = experiment.Store.Gradients;
        IReadOnlyList<CyclesRun>? cycles = experiment.Store.Cycles;
        SearchPartResult? search = experiment.Store.Search;
        FinalPartResult? final = experiment.Store.Final;
        var data = new DataInfo(
            experiment.Data.Source,
            experiment.Collection.Training.Count,
            experiment.Collection.Test.Count,
            experiment.Settings.Quick,
            experiment.Data.Location,
            experiment.Data.Fingerprint);

        var document = new ReportDocument(data, gradients, cycles, search?.Outcome, final?.Outcome);
        folder.Write("report.json", JsonSerializer.Serialize(document, ResultsJson.Default.ReportDocument) + "\n");
        folder.Write("report.html", HtmlPage.Create(experiment.Settings, data, gradients, cycles, search, final));

        Figure[] figures =
        [
            .. cycles is null ? (Figure[])[] : [ReportFigures.Cycles(cycles)],
            .. search is null ? (Figure[])[] : [ReportFigures.Search(search)],
            .. final is null ? (Figure[])[] : [ReportFigures.Final(final)],
        ];
        OutputFolder pictures = folder.Inner("figures");
        foreach (Figure figure in figures)
        {
            pictures.Write($"{figure.Name}.png", figure.ToPng());
            pictures.Write($"{figure.Name}.svg", figure.ToSvg());
        }
    }
}
