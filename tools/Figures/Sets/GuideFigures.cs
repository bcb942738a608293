using System.Globalization;
using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>Tables and numbers of the guides that a benchmark gives without a peer.</summary>
internal static class GuideFigures
{
    private const string Core = "benchmarks/DeepLearn.Core.Benchmarks";

    private static readonly string[] Functions = ["Branin", "Hartmann-6", "Rosenbrock-10", "Mixed", "Nested"];

    /// <summary>They are the same on every machine.</summary>
    public static readonly FigureSet ConvolutionErrors = new("convolution-errors", 0.5,
        "ratios convolution --errors: docs/guides/convolutions.md", workshop =>
    {
        IReadOnlyList<string> lines = workshop.Run(Core, "ratios", "convolution", "--errors");
        workshop.PutTable("docs/guides/convolutions.md", "rounding-errors", lines.Where(line => line.StartsWith('|')));
    });

    /// <summary>They are the same on every machine.</summary>
    public static readonly FigureSet Searches = new("searches", 0.5, "ratios search, seeds from 5000 on: docs/guides/search.md", workshop =>
    {
        const string Page = "docs/guides/search.md";
        string json = Path.Combine(workshop.Output("searches"), "searches.json");
        string[] command = ["ratios", "search", "--first-seed", "5000", "--filter", "random", "TPE", "CMA-ES"];
        workshop.Run(Core, [.. command, "--json", json]);
        JsonNode[] rows = [.. Workshop.Read(json).AsArray().Select(row => row!)];
        workshop.Put(Page, "regret-random", Regrets(rows, "random"));
        workshop.Put(Page, "regret-tpe", Regrets(rows, "TPE"));
        workshop.Put(Page, "regret-tpe-window", Regrets(rows, "TPE, window 10"));
        workshop.Put(Page, "regret-cma", Regrets(rows, "CMA-ES"));
        workshop.Put(Page, "regret-cma-window", Regrets(rows, "CMA-ES, window 10"));
    });

    public static readonly FigureSet Telemetry = new("telemetry", 1.5,
        "TelemetryBenchmarks by BenchmarkDotNet: docs/guides/seeing-inside.md", workshop =>
    {
        // A table whose rows begin with the method; IsHeard is its second column.
        string[][] rows = [.. workshop.RunByDotnet(Core, "--filter", "*TelemetryBenchmarks*").Where(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
        string[] head = rows.FirstOrDefault(row => row[0] == "Method") ?? throw new FigureException("Expected a table of BenchmarkDotNet.");
        workshop.Put("docs/guides/seeing-inside.md", "telemetry", Mean("False"));
        workshop.Put("docs/guides/seeing-inside.md", "telemetry-heard", Mean("True"));

        string Mean(string isHeard) => rows.Where(row => row.Length == head.Length && row[Array.IndexOf(head, "IsHeard")] == isHeard)
            .Select(row => TwoDigits(row[Array.IndexOf(head, "Mean")].Split(' '))).FirstOrDefault()
            ?? throw new FigureException("Expected a mean of both.");
    });

    // As 1.3 ns and 71 ns.
    private static string TwoDigits(string[] numberAndUnit) =>
        $"{double.Parse(numberAndUnit[0], CultureInfo.InvariantCulture).ToString("G2", CultureInfo.InvariantCulture)} {numberAndUnit[1]}";

    private static string Regrets(JsonNode[] rows, string sampler) => string.Join(" | ", Functions.Select(function =>
    {
        JsonNode row = rows.First(row => row["sampler"]!.GetValue<string>() == sampler && row["function"]!.GetValue<string>() == function);
        return ThreeDigits(row["regret"]!["median"]!.GetValue<double>());
    }));

    // As 0.389, 0.0106, 2,450 and 94,900.
    private static string ThreeDigits(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        return unit >= 1
            ? (Math.Round(value / unit) * unit).ToString("N0", CultureInfo.InvariantCulture)
            : value.ToString("F" + (int)-Math.Log10(unit), CultureInfo.InvariantCulture);
    }
}
