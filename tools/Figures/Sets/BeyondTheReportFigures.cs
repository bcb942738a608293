using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>The experiments beyond the report: the tables of results in the sample's README.</summary>
internal static class BeyondTheReportFigures
{
    private const string Page = "samples/BeyondTheReport/README.md";

    private static readonly string[] Names =
    [
        "wider", "dropout", "augmentation", "label-smoothing", "range-test", "annealed-maximum", "longer-cycles", "ensemble", "adam",
        "hinge", "batch-norm", "fully-connected", "patches", "convolutional",
    ];

    public static readonly FigureSet Experiments = new("beyond", 12,
        "samples/BeyondTheReport on CIFAR-10, but for ninety-four: its README", workshop =>
    {
        string folder = workshop.Output("beyond");
        workshop.Run("samples/BeyondTheReport", [.. Names, "--out", folder]);
        workshop.PutTable(Page, "experiments", Table(Path.Combine(folder, "report.json"), Names));
    });

    public static readonly FigureSet NinetyFour = new("ninety-four", 25,
        "samples/BeyondTheReport ninety-four: its README, README", workshop =>
    {
        string folder = workshop.Output("beyond"), report = Path.Combine(folder, "report.json");
        workshop.Run("samples/BeyondTheReport", "ninety-four", "--out", folder);
        workshop.PutTable(Page, "ninety-four", Table(report, ["ninety-four"]));
        JsonNode[] seeds = [.. Experiment(report, "ninety-four")["runs"]!.AsArray().Select(run => run!["outcome"]!)];
        double accuracy = seeds.Average(outcome => outcome["testAccuracy"]!.GetValue<double>());
        double minutes = seeds.Average(outcome => outcome["seconds"]!.GetValue<double>()) / 60;
        string figure = $"{Words.Percent(accuracy)}, the mean of {seeds.Length} seeds; {Words.Tenths(minutes)} minutes each";
        workshop.Put("README.md", "ninety-four", figure);
    });

    private static IEnumerable<string> Table(string file, string[] names)
    {
        yield return "| experiment | network or plan | test accuracy | calibration error | updates | seconds |";
        yield return "| --- | --- | ---: | ---: | ---: | ---: |";
        foreach (string name in names)
        {
            string label = $"`{name}`";
            JsonNode experiment = Experiment(file, name);
            foreach (JsonNode? run in experiment["runs"]!.AsArray())
            {
                JsonNode outcome = run!["outcome"]!;
                double seconds = outcome["seconds"]!.GetValue<double>();
                yield return $"| {label} | {run["name"]} | {Words.Percent(outcome["testAccuracy"])} "
                    + $"| {Words.Percent(outcome["calibrationError"])} | {Words.Count(outcome["steps"])} "
                    + $"| {(seconds < 10 ? Words.Tenths(seconds) : Words.Count((long)Math.Round(seconds)))} |";
                label = "";
            }
            if (experiment["ensembles"]?.AsArray()[^1] is { } all)
            {
                yield return $"| | the mean of all | {Words.Percent(all["averageAccuracy"])} | | | |";
                yield return $"| | the majority of their votes | {Words.Percent(all["voteAccuracy"])} | | | |";
            }
        }
    }

    private static JsonNode Experiment(string file, string name) =>
        Workshop.Read(file)["experiments"]!.AsArray().FirstOrDefault(one => one!["name"]!.GetValue<string>() == name)
        ?? throw new FigureException($"{file} must have the experiment {name}.");
}
