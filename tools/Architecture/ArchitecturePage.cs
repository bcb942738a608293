using System.Text;

namespace DeepLearn.Tools.Architecture;

/// <summary>The parts of <c>docs/architecture.md</c> that are generated from the compiled library.</summary>
public static class ArchitecturePage
{
    /// <summary>The path of the page from the root of the repository.</summary>
    public const string Path = "docs/architecture.md";

    /// <summary>The path of the picture from the root of the repository.</summary>
    public const string PicturePath = "docs/images/architecture.svg";

    private const string Begin = "<!-- made by: dotnet run --project tools/Architecture -- draw -->", End = "<!-- end -->";

    /// <summary>A page with its table written anew and the rest unchanged.</summary>
    /// <param name="page">The page.</param>
    /// <param name="references">The uses within the library.</param>
    /// <exception cref="InvalidDataException">The page has no place for the table.</exception>
    public static string WithTable(string page, CompiledReferences references)
    {
        ArgumentNullException.ThrowIfNull(page);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal), end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new InvalidDataException($"{Path} has a table between '{Begin}' and '{End}'; found none.");
        return page[..(begin + Begin.Length)] + "\n" + Table(references) + page[end..];
    }

    private static string Table(CompiledReferences references)
    {
        var graph = new FolderGraph(references, Folders.Top);
        var table = new StringBuilder("| level | folder | uses |\n| --- | --- | --- |\n");
        foreach (string folder in House.Levels.SelectMany(level => level))
        {
            IEnumerable<string> used = graph.UsedBy(folder).OrderBy(House.LevelOf).ThenBy(name => name, StringComparer.Ordinal);
            table.Append($"| {House.LevelOf(folder)} | `{folder}` | {string.Join(", ", used)} |\n");
        }
        return table.ToString();
    }
}
