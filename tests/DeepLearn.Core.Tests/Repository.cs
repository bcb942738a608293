using System.Runtime.CompilerServices;

namespace DeepLearn.Tests;

/// <summary>Where the sources are, for tests that read them.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    public static string Library => Path.Combine(Root, "src", "DeepLearn.Core");

    public static string Tests => Path.Combine(Root, "tests", "DeepLearn.Core.Tests");

    /// <summary>The C# files below a folder, without what a build has made.</summary>
    /// <param name="folder">The folder.</param>
    public static IEnumerable<string> SourcesIn(string folder) => FilesIn(folder, "*.cs");

    /// <summary>The files of a pattern below a folder, without what a build has made, in alphabetical order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">The pattern of the names.</param>
    public static IEnumerable<string> FilesIn(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(
                path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar).Any(name => name is "bin" or "obj" or ".git"))
            .Order(StringComparer.Ordinal);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
