using System.Text.Json;
using DeepLearn.Reporting.Figures;
using DeepLearn.Samples.BeyondTheReport.Results;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Data;
using DeepLearn.Samples.CommandLine.Files;

namespace DeepLearn.Samples.BeyondTheReport.Report;

/// <summary>
/// Writes <c>report.json</c>, <c>report.html</c> and the figures from the results that there are, of this run and of earlier ones, each
/// file whole or not at all.
/// </summary>
internal sealed class ReportWriter(SampleSettings settings, SampleData data, ResultStore store, OutputFolder folder)
{
    private readonly OutputFolder _pictures = folder.Inner("figures");
    private readonly HashSet<string> _drawn = [];

    /// <summary>Writes all of it; of the figures those that are new.</summary>
    /// <param name="latest">The result that has just come in.</param>
    public void Write(ExperimentResult latest)
    {
        var info = new DataInfo(
            data.Source,
            data.Collection.Training.Count,
            data.Collection.Test.Count,
            settings.Quick,
            settings.Seed,
            data.Location,
            data.Fingerprint);
        ExperimentResult[] results =
            [.. Shelf.Experiments.Select(experiment => store.FindExperiment(experiment.Name)).OfType<ExperimentResult>()];
        var document = new ReportDocument(info, results);
        folder.Write("report.json", JsonSerializer.Serialize(document, ResultsJson.Default.ReportDocument) + "\n");
        folder.Write("report.html", HtmlPage.Create(document));

        // The figures of an earlier run may be those of another seed: each is drawn once in this one.
        _drawn.Remove(latest.Name);
        foreach (ExperimentResult result in results.Where(result => _drawn.Add(result.Name)))
        {
            Figure figure = ReportFigures.Of(Shelf.Find(result.Name)!, result);
            _pictures.Write($"{figure.Name}.png", figure.ToPng());
            _pictures.Write($"{figure.Name}.svg", figure.ToSvg());
        }
    }
}
