namespace DeepLearn.Tools.Figures.Sets;

/// <summary>What the small samples print and draw, in their READMEs.</summary>
internal static class SampleOutputs
{
    public static readonly FigureSet QuickStart = new("quick-start", 0.2, "samples/QuickStart: what it prints, learning curves", workshop =>
    {
        string folder = workshop.Output("quick-start");
        workshop.PutOutput("samples/QuickStart/README.md", "output", workshop.Run("samples/QuickStart", folder));
        workshop.PutPicture(Path.Combine(folder, "curves.png"), "samples/QuickStart/curves.png");
    });

    public static readonly FigureSet CustomLayer = new("custom-layer", 0.2, "samples/CustomLayer: what it prints", workshop =>
        workshop.PutOutput("samples/CustomLayer/README.md", "output", workshop.Run("samples/CustomLayer")));

    public static readonly FigureSet Tables = new("tables", 0.3, "samples/Tables: what it prints, confusion and calibration", workshop =>
    {
        string folder = workshop.Output("tables");
        workshop.PutOutput("samples/Tables/README.md", "output", WithoutProgress(workshop.Run("samples/Tables", "--out", folder)));
        foreach (string picture in (string[])["penguins-confusion.png", "penguins-calibration.png"])
            workshop.PutPicture(Path.Combine(folder, picture), $"samples/Tables/images/{picture}");
    });

    // Lines of progress come by the clock; what was found does not.
    private static IEnumerable<string> WithoutProgress(IReadOnlyList<string> lines) =>
        lines.Where(line => !line.Contains("/min, ", StringComparison.Ordinal) && !line.Contains("/s, ",
            StringComparison.Ordinal)).SkipWhile(line => line == "");
}
