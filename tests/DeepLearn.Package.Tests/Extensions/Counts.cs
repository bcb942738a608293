namespace DeepLearn.Package.Tests;

/// <summary>What the library asked of what was written outside.</summary>
internal static class Counts
{
    public static int Fused { get; set; }

    public static int OfBytes { get; set; }

    public static int Accumulated { get; set; }

    public static int Updates { get; set; }
}
