using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.BeyondTheReport.Results;

namespace DeepLearn.Samples.BeyondTheReport.Report;

/// <summary>The words of <c>report.html</c>.</summary>
internal static class HtmlPage
{
    public static string Create(ReportDocument document)
    {
        DataInfo data = document.Data;
        bool isSynthetic = data.Source == "synthetic";
        var report = new HtmlReport(isSynthetic ? "Beyond the report, on synthetic images" : "Beyond the report: experiments on CIFAR-10");
        report.Lead("What the report on the two-layer network left for later, one experiment a section. "
            + $"{Format.Count(data.TrainingExamples)} training and {Format.Count(data.TestExamples)} test images, seed {data.Seed}.");
        if (isSynthetic)
            report.Notice("These are generated images, not CIFAR-10. None of the figures below may be compared with figures for CIFAR-10.");
        if (data.Quick)
        {
            report.Notice("A quick run: a tenth of the images, a tenth of the epochs, and smaller networks. "
                + "It shows how the program works, not how well the networks do.");
        }
        foreach (ExperimentResult result in document.Experiments)
            Add(report, Shelf.Find(result.Name)!, result);
        report.Footer =
            "Unless a section says otherwise: 3072-50-10, ReLU, softmax and cross-entropy, L2 penalty with the report's lambda 0.002584, "
            + "plain gradient descent with batches of 100, three cycles of four epochs with learning rates from 1e-5 to 0.1, inputs "
            + "normalized per feature, 5,000 of the training images kept apart for validation. Training accuracies are those on the first "
            + "images of the training set. Times are those of the updates alone.";
        return report.ToHtml();
    }

    private static void Add(HtmlReport report, Experiment experiment, ExperimentResult result)
    {
        HtmlSection section = report.Section(experiment.Name, experiment.Title).Paragraph(experiment.Question);
        if (experiment.Aim is { } aim && result.Best is { } best)
        {
            double seconds = result.Runs.MaxBy(run => run.Outcome.TestAccuracy)!.Outcome.Seconds;
            section.Numbers(
                ("test accuracy", Format.Percent(best)), ("to be reached", Format.Percent(aim)),
                ("training time", Format.Seconds(seconds)));
        }
        foreach (ReportTable table in ReportTables.Of(experiment, result))
            section.Tables(table);
        section.Figure(ReportFigures.Of(experiment, result));
    }
}
