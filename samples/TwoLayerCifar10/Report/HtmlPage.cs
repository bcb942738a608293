using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.TwoLayerCifar10.Results;

namespace DeepLearn.Samples.TwoLayerCifar10.Report;

/// <summary>The words of <c>report.html</c>.</summary>
internal static class HtmlPage
{
    public static string Create(
        SampleSettings settings,
        DataInfo data,
        IReadOnlyList<GradientCell>? gradients,
        IReadOnlyList<CyclesRun>? cycles,
        SearchPartResult? search,
        FinalPartResult? final)
    {
        bool isSynthetic = data.Source == "synthetic";
        var report = new HtmlReport(isSynthetic ? "A two-layer network on synthetic images" : "A two-layer network on CIFAR-10");
        report.Lead(
            "A network of 50 hidden units trained with cyclical learning rates; its gradients checked, its regularization found by random "
            + "search. "
            + $"{Format.Count(data.TrainingExamples)} training and {Format.Count(data.TestExamples)} test images, seed {settings.Seed}.");
        if (isSynthetic)
            report.Notice("These are generated images, not CIFAR-10. None of the figures below may be compared with figures for CIFAR-10.");
        if (data.Quick)
        {
            report.Notice(
                "A quick run: a tenth of the examples and of the steps, and fewer trials. It shows how the program works, not how well the "
                + "network does.");
        }
        if (gradients is not null)
            AddGradients(report, gradients);
        if (cycles is not null)
            AddCycles(report, cycles);
        if (search is not null)
            AddSearch(report, search);
        if (final is not null)
            AddFinal(report, final);
        report.Footer =
            "3072-50-10, ReLU, softmax and cross-entropy, L2 penalty lambda * sum(W^2), plain gradient descent with batches of 100, "
            + "learning rate from 1e-5 to 1e-1 and back, weights from N(0, 1/sqrt(fan-in)), inputs normalized per feature with the "
            + "training set's mean and standard deviation. Times are those of the updates alone.";
        return report.ToHtml();
    }

    private static void AddGradients(HtmlReport report, IReadOnlyList<GradientCell> cells) => report
        .Section("gradients", "Gradients")
        .Paragraph(
            "The analytic gradient against centered differences, in double, on the first 20 input dimensions: largest |a - n| and largest "
            + "|a - n| / max(1e-6, |a| + |n|) over all elements. The report has at most "
            + $"{Format.Scientific(GradientsPart.ReportedAbsolute)} and {Format.Scientific(GradientsPart.ReportedRelative)}.")
        .Tables([.. ReportTables.Gradients(cells)]);

    private static void AddCycles(HtmlReport report, IReadOnlyList<CyclesRun> runs) => report
        .Section("cycles", "Cyclical learning rates")
        .Paragraph(
            "Trained on the first file of the training set, validated on images of the second, "
            + $"lambda {Format.Significant(CyclesPart.Lambda)}.")
        .Tables(ReportTables.Cycles(runs))
        .Figure(ReportFigures.Cycles(runs));

    private static void AddSearch(HtmlReport report, SearchPartResult search)
    {
        HtmlSection section = report.Section("search", "Search for lambda");
        if (search.FinishedTrials < search.PlannedTrials)
        {
            section.Paragraph(
                $"Not finished: {search.FinishedTrials} of {search.PlannedTrials} trials so far. The same command goes on from here.");
        }
        section.Paragraph(
            "Random search from coarse to fine: values of lambda drawn evenly on a logarithmic scale, then again around the best three.");
        if (search.Best is { } best)
        {
            section.Numbers(
                ("best lambda", Format.Significant(best.Lambda)),
                ("its validation accuracy", Format.Percent(best.ValidationAccuracy!.Value)),
                ("training, all trials", Format.Seconds(search.Outcome.Seconds)));
        }
        section
            .Tables([.. ReportTables.BestTrials(search)])
            .Figure(ReportFigures.Search(search))
            .Tables([.. ReportTables.AllTrials(search)]);
    }

    private static void AddFinal(HtmlReport report, FinalPartResult final) => report
        .Section("final", "The final network")
        .Paragraph(
            $"{Format.Count(final.TrainingExamples)} images to train on and {Format.Count(final.ValidationExamples)} to validate on, "
            + $"{final.Cycles} cycles of n_s = {final.StepSize}, lambda {Format.Significant(final.Outcome.Lambda)} ({final.LambdaOrigin}).")
        .Numbers(
            ("test accuracy", Format.Percent(final.Outcome.TestAccuracy)),
            ("validation accuracy", Format.Percent(final.Outcome.ValidationAccuracy)),
            ("training accuracy", Format.Percent(final.Outcome.TrainingAccuracy)),
            ("training time", Format.Seconds(final.Outcome.Seconds)))
        .Tables(ReportTables.Final(final))
        .Figure(ReportFigures.Final(final))
        .Code("SHA-256 of the trained weights:", final.Outcome.WeightsSha256);
}
