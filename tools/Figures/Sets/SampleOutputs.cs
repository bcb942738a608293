using System.Text.RegularExpressions;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>What the small samples print and draw, in their READMEs.</summary>
internal static partial class SampleOutputs
{
    public static readonly FigureSet QuickStart = new("quick-start", 0.2, "samples/QuickStart: what it prints, learning curves", workshop =>
    {
        string folder = workshop.Output("quick-start");
        workshop.PutOutput("samples/QuickStart/README.md", "output", workshop.Run("samples/QuickStart", folder));
        workshop.PutPicture(Path.Combine(folder, "curves.png"), "samples/QuickStart/curves.png");
    });

    public static readonly FigureSet CustomLayer = new("custom-layer", 0.2, "samples/CustomLayer: what it prints, its picture", workshop =>
    {
        string folder = workshop.Output("custom-layer");
        workshop.PutOutput("samples/CustomLayer/README.md", "output", workshop.Run("samples/CustomLayer", folder));
        workshop.PutPicture(Path.Combine(folder, "waves.svg"), "samples/CustomLayer/waves.svg");
    });

    public static readonly FigureSet Tables = new("tables", 0.3, "samples/Tables: what it prints, confusion and calibration", workshop =>
    {
        string folder = workshop.Output("tables");
        workshop.PutOutput("samples/Tables/README.md", "output", WithoutProgress(workshop.Run("samples/Tables", "--out", folder)));
        foreach (string picture in (string[])["penguins-confusion.png", "penguins-calibration.png"])
            workshop.PutPicture(Path.Combine(folder, picture), $"samples/Tables/images/{picture}");
    });

    public static readonly FigureSet TwoLayerCifar10 = new("final", 0.5, "samples/TwoLayerCifar10 final: what it prints, its curves",
        workshop =>
    {
        string folder = workshop.EmptyOutput("final");
        IReadOnlyList<string> lines = workshop.Run("samples/TwoLayerCifar10", "final", "--out", folder);
        workshop.PutOutput("samples/TwoLayerCifar10/README.md", "output", WithoutPlaces(lines, folder, "two-layer-cifar10"));
        workshop.PutPicture(Path.Combine(folder, "figures", "final.svg"), "samples/TwoLayerCifar10/images/final.svg");
    });

    public static readonly FigureSet BeyondTheReport = new("range-test", 0.5,
        "samples/BeyondTheReport range-test: what it prints, its picture", workshop =>
    {
        string folder = workshop.EmptyOutput("range-test");
        IReadOnlyList<string> lines = workshop.Run("samples/BeyondTheReport", "range-test", "--out", folder);
        workshop.PutOutput("samples/BeyondTheReport/README.md", "output", WithoutPlaces(lines, folder, "beyond-the-report"));
        workshop.PutPicture(Path.Combine(folder, "figures", "range-test.svg"), "samples/BeyondTheReport/images/range-test.svg");
    });

    public static readonly FigureSet HyperparameterSearch = new("search", 1,
        "samples/HyperparameterSearch: what it prints, its picture", workshop =>
    {
        string folder = workshop.EmptyOutput("search");
        IReadOnlyList<string> lines = workshop.Run("samples/HyperparameterSearch", "--quick", "--out", folder);
        workshop.PutOutput(
            "samples/HyperparameterSearch/README.md", "output", WithoutPlaces(lines, folder, "hyperparameter-search"));
        workshop.PutPicture(Path.Combine(folder, "search.svg"), "samples/HyperparameterSearch/images/search.svg");
    });

    // The folders of this machine are those of a reader's: the data where it keeps them, and what is written in the default folder.
    private static IEnumerable<string> WithoutPlaces(IReadOnlyList<string> lines, string folder, string defaultFolder) =>
        WithoutProgress(lines).Select(line => DataPlace().Replace(line, "Data: CIFAR-10, from cifar-10-batches-bin")
            .Replace(folder, $"out/{defaultFolder}", StringComparison.Ordinal));

    // Lines of progress come by the clock; what was found does not.
    private static IEnumerable<string> WithoutProgress(IReadOnlyList<string> lines) =>
        lines.Where(line => !ProgressLine().IsMatch(line)).SkipWhile(line => line == "");

    [GeneratedRegex("/min, |/s, |: [0-9,]+ (steps|MB) in [0-9.]+ m?s$")]
    private static partial Regex ProgressLine();

    [GeneratedRegex("^Data: CIFAR-10, from .*[/\\\\][^ ]*")]
    private static partial Regex DataPlace();
}
