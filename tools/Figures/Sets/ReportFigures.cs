using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>The published experiment: the pages on it, and its line in the README.</summary>
internal static class ReportFigures
{
    private const string Page = "docs/report.md";

    public static readonly FigureSet Set = new("report", 3,
        "samples/TwoLayerCifar10 on CIFAR-10: docs/report.md, docs/guides/training.md and gradient-check.md, README", workshop =>
    {
        string whole = workshop.Output("report"), alone = workshop.Output("report-final");
        workshop.Run("samples/TwoLayerCifar10", "--out", whole);
        workshop.Run("samples/TwoLayerCifar10", "final", "--out", alone);
        JsonNode report = Workshop.Read(Path.Combine(whole, "report.json"));
        JsonNode final = Workshop.Read(Path.Combine(alone, "report.json"))["final"]!;
        if (report["data"]!["source"]!.GetValue<string>() == "synthetic")
            throw new FigureException("Expected CIFAR-10, which DEEPLEARN_CIFAR10 names; found generated images.");

        string found = Words.Percent(report["final"]!["testAccuracy"]), theirs = Words.Percent(final["testAccuracy"]);
        workshop.Put(Page, "absolute-difference", Words.Digits(Largest(report, "maxAbsoluteDifference"), 3));
        workshop.Put(Page, "relative-difference", Words.Digits(Largest(report, "maxRelativeDifference"), 3));
        workshop.Put(Page, "lambda", Words.Digits(report["final"]!["lambda"], 4));
        workshop.Put(Page, "accuracy", found);
        workshop.Put(Page, "accuracy-alone", theirs);
        string[] cycles = ["| n_s | cycles | steps | validation accuracy | test accuracy |",
            "| ---: | ---: | ---: | ---: | ---: |", .. report["cycles"]!.AsArray().Select(Cycle)];
        workshop.PutTable(Page, "cycles", cycles);
        workshop.PutTable("docs/guides/training.md", "cycles", cycles);
        workshop.PutTable("docs/guides/gradient-check.md", "gradients", ["| parameter | case | largest absolute | largest relative |",
            "| --- | --- | ---: | ---: |", .. Gradients(report)]);
        workshop.PutTable(Page, "search", ["| lambda | cycles | validation accuracy |", "| ---: | ---: | ---: |", .. Best(report)]);
        workshop.Put("README.md", "report", $"{found} with the lambda that the search finds, {theirs} with the report's");
        foreach (string figure in (string[])["cycles.svg", "search.svg"])
            workshop.PutPicture(Path.Combine(whole, "figures", figure), $"docs/images/report/{figure}");
    });

    private static double Largest(JsonNode report, string name) => report["gradients"]!.AsArray().Max(row =>
        row![name]!.GetValue<double>());

    private static IEnumerable<string> Gradients(JsonNode report) => report["gradients"]!.AsArray()
        .GroupBy(row => row!["parameter"]!.GetValue<string>())
        .SelectMany(rows => rows.Select((row, i) => $"| {(i == 0 ? $"`{rows.Key}`" : "")} | {row!["case"]} "
            + $"| {Words.Digits(row["maxAbsoluteDifference"], 3)} | {Words.Digits(row["maxRelativeDifference"], 3)} |"));

    private static string Cycle(JsonNode? run)
    {
        JsonNode last = run!["curve"]!.AsArray()[^1]!;
        string validation = Words.Percent(last["validationAccuracy"]), test = Words.Percent(run["testAccuracy"]);
        return $"| {run["stepSize"]} | {run["cycles"]} | {Words.Count(last["step"])} | {validation} | {test} |";
    }

    private static IEnumerable<string> Best(JsonNode report) => report["search"]!["stages"]!.AsArray()
        .SelectMany(stage => stage!["trials"]!.AsArray(), (stage, trial) => (Cycles: stage!["cycles"]!, Trial: trial!))
        .OrderByDescending(one => one.Trial["validationAccuracy"]!.GetValue<double>())
        .Take(3)
        .Select(one => $"| {Words.Digits(one.Trial["lambda"], 4)} | {one.Cycles} | {Words.Percent(one.Trial["validationAccuracy"])} |");
}
