using Xunit;

namespace DeepLearn.Tests.Architecture;

/// <summary>What holds for all sources: how long a line is, and where the tests of a folder stand.</summary>
public class SourceTests
{
    private const int Columns = 140;

    [Fact]
    public void Line_of_any_source_has_at_most_140_columns()
    {
        var found = new Dictionary<string, IReadOnlyList<string>>();
        foreach (IGrouping<string, string> files in Repository.SourcesIn(Repository.Root).GroupBy(FolderOf))
        {
            string[] places =
            [
                .. files.SelectMany(file => File.ReadLines(file).Select((line, i) => (line, i)).Where(line => line.line.Length > Columns)
                    .Select(line => $"{Path.GetFileName(file)}:{line.i + 1} has {line.line.Length}")),
            ];
            if (places.Length > 0)
                found.Add(files.Key, places);
        }
        KnownFaults.Compare("Folders with lines beyond 140 columns", found);
    }

    [Fact]
    public void Folder_of_the_library_has_a_folder_of_tests() =>
        KnownFaults.Compare(
            "Folders without tests",
            Repository.SourcesIn(Repository.Library)
                .Select(file => Path.GetDirectoryName(Path.GetRelativePath(Repository.Library, file))!)
                .Distinct()
                .Where(folder => !HasTests(folder))
                .ToDictionary(
                    folder => folder.Replace('\\', '/'),
                    folder => (IReadOnlyList<string>)[$"tests/DeepLearn.Core.Tests/{folder} holds no test"]));

    private static bool HasTests(string folder)
    {
        string path = Path.Combine(Repository.Tests, folder);
        return Directory.Exists(path) && Directory.EnumerateFiles(path, "*.cs").Select(File.ReadAllText).Any(
            text => text.Contains("[Fact") || text.Contains("[Theory") || text.Contains("[Property"));
    }

    private static string FolderOf(string file) => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!).Replace('\\', '/');
}
