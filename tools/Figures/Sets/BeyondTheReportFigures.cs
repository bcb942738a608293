using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>The experiments beyond the report: the tables of results in the sample's README.</summary>
internal static class BeyondTheReportFigures
{
    private const string Page = "samples/BeyondTheReport/README.md";

    private static readonly string[] Names =
    [
        "wider", "dropout", "augmentation", "label-smoothing", "range-test", "annealed-maximum", "longer-cycles", "ensemble", "adam",
            "hinge",
        "batch-norm", "fully-connected", "patches", "convolutional",
    ];

    public static readonly FigureSet Experiments = new("beyond", 35,
        "samples/BeyondTheReport on CIFAR-10, but for ninety-four: its README", workshop =>
    {
        string folder = workshop.Output("beyond");
        workshop.Run("samples/BeyondTheReport", [.. Names, "--out", folder]);
        workshop.PutTable(Page, "experiments", Table(Path.Combine(folder, "report.json"), Names));
    });

    public static readonly FigureSet NinetyFour = new("ninety-four", 30, "samples/BeyondTheReport ninety-four: its README", workshop =>
    {
        string folder = workshop.Output("beyond");
        workshop.Run("samples/BeyondTheReport", "ninety-four", "--out", folder);
        workshop.PutTable(Page, "ninety-four", Table(Path.Combine(folder, "report.json"), ["ninety-four"]));
    });

    private static IEnumerable<string> Table(string file, string[] names)
    {
        JsonArray experiments = Workshop.Read(file)["experiments"]!.AsArray();
        yield return "| experiment | network or plan | test accuracy | updates | seconds |";
        yield return "| --- | --- | ---: | ---: | ---: |";
        foreach (string name in names)
        {
            JsonNode experiment = experiments.FirstOrDefault(one => one!["name"]!.GetValue<string>() == name)
                ?? throw new FigureException($"{file} must have the experiment {name}.");
            string label = $"`{name}`";
            foreach (JsonNode? run in experiment["runs"]!.AsArray())
            {
                JsonNode outcome = run!["outcome"]!;
                string steps = Words.Count(outcome["steps"]), seconds = Words.Count((long)outcome["seconds"]!.GetValue<double>());
                yield return $"| {label} | {run["name"]} | {Words.Percent(outcome["testAccuracy"])} | {steps} | {seconds} |";
                label = "";
            }
        }
    }
}
