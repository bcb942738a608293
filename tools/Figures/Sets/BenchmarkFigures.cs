using System.Globalization;
using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>
/// Speeds beside those of others: the page of this processor, and the README's table of results. The machine must have nothing else to do.
/// </summary>
internal static class BenchmarkFigures
{
    private const string Core = "benchmarks/DeepLearn.Core.Benchmarks";

    public static readonly FigureSet Products = new("products", 12, "ratios: this processor's page, README", workshop =>
        workshop.Put("README.md", "products", Mean(Rows(workshop, Core, "products", "ratios"), row => Text(row, "peer") == "openblas")));

    public static readonly FigureSet Random = new("random", 7, "ratios random on one thread: this processor's page, README", workshop =>
    {
        JsonNode[] rows = RandomProducts(workshop, "random", "1");
        workshop.Put("README.md", "random", Mean(rows, _ => true));
        int slower = rows.Count(row => Text(row, "type") == "float" && Number(row, "ratio") < 1);
        workshop.Put("README.md", "random-slower", Words.Count(slower));
    });

    public static readonly FigureSet RandomThreads = new("random-threads", 14, "... on all threads: this processor's page",
        workshop => RandomProducts(workshop, "random-threads", "all"));

    public static readonly FigureSet RandomAvx2 = new("random-avx2", 7, "... without AVX-512: this processor's page",
        workshop => WithoutAvx512(() => RandomProducts(workshop, "random-avx2", "1")));

    public static readonly FigureSet RandomAvx2Threads = new("random-avx2-threads", 14, "... on all threads: this processor's page",
        workshop => WithoutAvx512(() => RandomProducts(workshop, "random-avx2-threads", "all")));

    public static readonly FigureSet Steps = new("steps", 8, "ratios step beside libtorch: this processor's page, README", workshop =>
    {
        JsonNode[] all = Rows(workshop, Core + ".Torch", "steps", "ratios", "step");
        JsonNode[] rows = [.. all.Where(row => Text(row, "peer") == "torch-modules")];
        workshop.Put("README.md", "step", Mean(rows, row => Text(row, "network") == "3072-50-10" && Number(row, "batch") == 100));
        workshop.Put("README.md", "step-tables", Mean(rows, row => IsSmall(row, "4-16-3", "30-16-2", "13-64-3")));
        workshop.Put("README.md", "step-digits", Mean(rows, row => IsSmall(row, "784-128-10")));

        // The small networks are named with their update, as in 4-16-3 Adam L2.
        static bool IsSmall(JsonNode row, params string[] networks) => networks.Contains(Text(row, "network").Split(' ')[0]);
    });

    public static readonly FigureSet Predictions = new("predictions", 4,
        "ratios predict beside ONNX Runtime and libtorch: as above", workshop =>
    {
        JsonNode[] rows = Rows(workshop, Core + ".Onnx", "predictions", "ratios", "predict");
        Rows(workshop, Core + ".Torch", "predictions-libtorch", "ratios", "predict");
        workshop.Put("README.md", "predict-time", Words.Tenths(Number(Of("3072-50-10"), "ourMicroseconds")));
        workshop.Put("README.md", "predict", Words.Ratio(Number(Of("3072-50-10"), "ratio")));
        workshop.Put("README.md", "predict-wide", Words.Ratio(Number(Of("3072-512-10"), "ratio")));
        JsonNode Of(string network) =>
            rows.First(row => Text(row, "network") == network && Number(row, "batch") == 1 && Number(row, "threads") == 1);
    });

    public static readonly FigureSet Convolutions = new("convolutions", 7,
        "ratios convolution beside libtorch: this processor's page, README", workshop =>
    {
        JsonNode[] rows = ConvolutionRows(workshop, "convolutions", "--rounds", "3", "--type", "float");
        workshop.Put("README.md", "convolutions", Mean(
            rows, row => row["isWide3x3"]!.GetValue<bool>() && Text(row, "pass") == "forward"));
        workshop.Put("README.md", "residual", Mean(
            rows, row => Text(row, "pass") == "step" && Text(row, "case").StartsWith("residual", StringComparison.Ordinal)));
    });

    public static readonly FigureSet ConvolutionsMore = new("convolutions-more", 10,
        "... in double, without AVX-512 (libtorch's too), and by plain sums: this processor's page", workshop =>
    {
        // libtorch takes long in double.
        string[] layers = ["--filter", "3x3", "1x1", "5x5", "7x7", "residual 16"];
        ConvolutionRows(workshop, "convolutions-double", ["--rounds", "2", "--type", "double", .. layers]);
        ConvolutionRows(
            workshop, "convolutions-direct", "--rounds", "2", "--type", "float", "--algorithm", "direct", "--filter", "3x3 batch");
        WithoutAvx512(() => ConvolutionRows(
            workshop, "convolutions-avx2", ["--rounds", "2", "--type", "float", .. layers, "residual 32"]));
    });

    public static readonly FigureSet ProductsBesideLibtorch = new("products-libtorch", 3,
        "ratios --peers torch: this processor's page of them", workshop =>
    {
        string page = workshop.ResultsPage().Replace(".md", "-libtorch.md", StringComparison.Ordinal);
        workshop.Run(Core + ".Torch", "ratios", "--peers", "torch", "--filter", "batch 100", "--markdown", page);
    });

    public static readonly FigureSet RandomSse = new("random-sse", 2, "ratios random without AVX2: this processor's page", workshop =>
    {
        string[] command = ["ratios", "random", "--seed", "888", "--count", "60", "--type", "float", "--threads", "1"];
        With([("DOTNET_EnableAVX2", "0")], () => workshop.Run(Core, [.. command, "--markdown", workshop.ResultsPage()]));
    });

    public static readonly FigureSet NativeAot = new("native-aot", 1,
        "benchmarks/native-aot/run: this processor's page, docs/guides/native-aot.md and performance.md", workshop =>
    {
        IReadOnlyList<string> lines = workshop.RunScript("benchmarks/native-aot/run", workshop.ResultsPage());
        string[] rows = [.. lines.Where(line => line.StartsWith('|'))];
        string first = rows.FirstOrDefault(row => row.StartsWith("| `x86-64-v3`", StringComparison.Ordinal))
            ?? throw new FigureException("Expected a row of x86-64-v3.");
        workshop.PutTable("docs/guides/native-aot.md", "native-aot", rows);
        workshop.Put("docs/guides/performance.md", "native-aot-first-step", first.Split('|', StringSplitOptions.TrimEntries)[4]);
    });

    /// <summary>Sections of this processor's page that no other page quotes.</summary>
    public static readonly FigureSet Page = new("benchmark-page", 15,
        "the other sections of this processor's page, docs/guides/performance.md", workshop =>
    {
        string[][] commands =
        [
            ["elementwise"], ["costs"], ["experiment"], ["trials"], ["cores"], ["search"], ["search", "--speed"],
        ];
        foreach (string[] command in commands)
            workshop.Run(Core, ["ratios", .. command, "--markdown", workshop.ResultsPage()]);
        JsonNode first = Rows(workshop, Core, "first-steps", "ratios", "first-steps")[0];
        double seconds = first["microseconds"]![0]!.GetValue<double>() / 1e6;
        workshop.Put("docs/guides/performance.md", "first-step", seconds.ToString("F3", CultureInfo.InvariantCulture));
        workshop.Run(Core, "ratios", "halving", "--keep", workshop.Output("halving"), "--markdown", workshop.ResultsPage());
    });

    private static JsonNode[] RandomProducts(Workshop workshop, string name, string threads)
    {
        string[] command = ["ratios", "random", "--seed", "888,999,112358", "--count", "500", "--rounds", "3", "--threads", threads];
        return Rows(workshop, Core, name, command);
    }

    private static JsonNode[] ConvolutionRows(Workshop workshop, string name, params string[] options) =>
        Rows(workshop, Core + ".Torch", name, ["ratios", "convolution", .. options]);

    // OpenBLAS keeps its own choice.
    private static void WithoutAvx512(Action make) =>
        With([("DOTNET_EnableAVX512", "0"), ("ONEDNN_MAX_CPU_ISA", "AVX2"), ("ATEN_CPU_CAPABILITY", "avx2")], make);

    // The processes that this one starts have the variables too.
    private static void With((string Name, string Value)[] variables, Action make)
    {
        foreach ((string name, string value) in variables)
            Environment.SetEnvironmentVariable(name, value);
        make();
        foreach ((string name, _) in variables)
            Environment.SetEnvironmentVariable(name, null);
    }

    private static JsonNode[] Rows(Workshop workshop, string project, string name, params string[] command)
    {
        string json = Path.Combine(workshop.Output("speed"), name + ".json");
        workshop.Run(project, [.. command, "--json", json, "--markdown", workshop.ResultsPage()]);
        return [.. Workshop.Read(json).AsArray().Select(row => row!)];
    }

    // The geometric mean of the ratios in float on one thread.
    private static string Mean(JsonNode[] rows, Func<JsonNode, bool> counts)
    {
        double[] ratios = [.. rows.Where(row => counts(row) && Text(row, "type") == "float" && Number(row, "threads") == 1)
            .Select(row => Number(row, "ratio"))];
        return ratios.Length > 0
            ? Words.Ratio(Math.Exp(ratios.Average(Math.Log)))
            : throw new FigureException("Expected rows in float on one thread beside the peer; found none.");
    }

    private static string Text(JsonNode row, string name) => row[name]!.GetValue<string>();

    private static double Number(JsonNode row, string name) => row[name]!.GetValue<double>();
}
