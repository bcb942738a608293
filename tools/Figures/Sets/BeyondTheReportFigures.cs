using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>The experiments beyond the report: the tables of results in the sample's README.</summary>
internal static class BeyondTheReportFigures
{
    private const string Page = "samples/BeyondTheReport/README.md", Guide = "docs/guides/convolutions.md";

    private static readonly string[] ByAlgorithm = ["Direct", "Accurate", "Fastest"];

    private static readonly int[] Seeds = [1, 2, 3];

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

    /// <summary>The accuracy of each algorithm of the convolutions, of a short run.</summary>
    public static readonly FigureSet Algorithms = new("algorithms", 6,
        "samples/BeyondTheReport algorithms, three seeds: its README, docs/guides/convolutions.md", workshop =>
    {
        string folder = workshop.Output("beyond-algorithms"), report = Path.Combine(folder, "report.json");
        var accuracies = ByAlgorithm.ToDictionary(name => name, _ => new List<double>());
        foreach (int seed in Seeds)
        {
            workshop.Run("samples/BeyondTheReport", "algorithms", "--seed", $"{seed}", "--out", folder);
            JsonNode experiment = Experiment(report, "algorithms");
            foreach (string name in ByAlgorithm)
                accuracies[name].Add(Accuracy(experiment, name));
        }
        workshop.PutTable(Guide, "algorithms", AlgorithmTable(accuracies));
        workshop.Put(Guide, "algorithms-between", Points(Spread(accuracies.Values.Select(seeds => seeds.Average()))));
        workshop.Put(Guide, "algorithms-within", Points(accuracies.Values.Max(Spread)));
        workshop.PutTable(Page, "algorithms", AlgorithmTable(accuracies));
    });

    /// <summary>... and of the whole recipe.</summary>
    public static readonly FigureSet NinetyFourAlgorithms = new("ninety-four-algorithms", 90,
        "samples/BeyondTheReport ninety-four-algorithms: docs/guides/convolutions.md", workshop =>
    {
        // The runs by the fastest algorithm are those of ninety-four, and are not made again in its folder.
        string folder = workshop.Output("beyond");
        workshop.Run("samples/BeyondTheReport", "ninety-four-algorithms", "--out", folder);
        JsonNode experiment = Experiment(Path.Combine(folder, "report.json"), "ninety-four-algorithms");
        var accuracies = ByAlgorithm.ToDictionary(
            name => name, name => Seeds.Select(seed => Accuracy(experiment, $"{name}, seed {seed}")).ToList());
        workshop.PutTable(Guide, "ninety-four-algorithms", AlgorithmTable(accuracies));
        workshop.Put(Guide, "ninety-four-between", Points(Spread(accuracies.Values.Select(seeds => seeds.Average()))));
    })
    {
        IsOnlyByName = true,
    };

    private static IEnumerable<string> AlgorithmTable(Dictionary<string, List<double>> accuracies)
    {
        yield return "| `Algorithm` | seed 1 | seed 2 | seed 3 | mean |";
        yield return "| --- | ---: | ---: | ---: | ---: |";
        foreach (string name in ByAlgorithm)
            yield return $"| `{name}` | {string.Join(" | ", accuracies[name].Append(accuracies[name].Average()).Select(Words.Percent))} |";
    }

    private static double Accuracy(JsonNode experiment, string name) => experiment["runs"]!.AsArray()
        .First(run => run!["name"]!.GetValue<string>() == name)!["outcome"]!["testAccuracy"]!.GetValue<double>();

    private static double Spread(IEnumerable<double> values) => values.Max() - values.Min();

    private static string Points(double fraction) => Words.Ratio(100 * fraction);

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
