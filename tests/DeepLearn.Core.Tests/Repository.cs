using System.Runtime.CompilerServices;

namespace DeepLearn.Tests;

/// <summary>Where the sources are, for tests that read them.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    public static string Library => Path.Combine(Root, "src", "DeepLearn.Core");

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
