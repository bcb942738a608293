using System.Text.RegularExpressions;
using DeepLearn.Tensors;
using DeepLearn.Tools.Architecture;
using Xunit;

namespace DeepLearn.Tests.Architecture;

/// <summary>Holds the folders to the order of the house, by the references that were compiled, not by what the sources announce.</summary>
public partial class LayeringTests
{
    private static readonly CompiledReferences References = CompiledReferences.Read(typeof(Matrix<>).Assembly.Location);

    [Fact]
    public void Folder_of_the_library_has_a_level() =>
        Assert.Equal(
            House.Levels.SelectMany(level => level).Order(),
            Directory.GetDirectories(Repository.Library).Select(path => Path.GetFileName(path)).Except(["bin", "obj"]).Order());

    [Fact]
    public void Extension_folder_exists() =>
        Assert.All(
            House.Extensions,
            folder => Assert.True(
                Directory.Exists(Path.Combine(Repository.Library, folder.Replace('.', Path.DirectorySeparatorChar))), folder));

    [Fact]
    public void Folder_uses_only_folders_of_lower_levels()
    {
        var graph = new FolderGraph(References, Folders.Top);
        KnownFaults.Compare(
            "Uses of a folder that is not lower",
            graph.Edges.Where(edge => House.LevelOf(edge.From) <= House.LevelOf(edge.To))
                .ToDictionary(edge => $"{edge.From} uses {edge.To}", edge => Places(graph.Uses(edge.From, edge.To))));
    }

    [Fact]
    public void Folders_and_sub_folders_use_one_another_in_no_circle()
    {
        var graph = new FolderGraph(References, folder => folder);
        KnownFaults.Compare(
            "Circles of folders",
            graph.Cycles().ToDictionary(cycle => string.Join(", ", cycle), cycle => (IReadOnlyList<string>)
                [.. graph.Edges.Where(edge => cycle.Contains(edge.From) && cycle.Contains(edge.To))
                    .Select(edge => $"{edge.From} uses {edge.To}: {string.Join("; ", Places(graph.Uses(edge.From, edge.To)).Take(6))}")]));
    }

    [Fact]
    public void Extension_uses_nothing_that_is_closed_to_strangers() =>
        KnownFaults.Compare("Doors that are closed to strangers", ClosedDoors.Find(References));

    /// <summary>What the compiler replaced by its value is not among the compiled references; the source has it.</summary>
    [Fact]
    public void Source_names_only_folders_of_lower_levels()
    {
        var faults = new List<string>();
        foreach (string file in Repository.SourcesIn(Repository.Library))
        {
            string folder = Path.GetRelativePath(Repository.Library, file).Split(Path.DirectorySeparatorChar)[0];
            foreach (Match match in NamedFolder().Matches(Comment().Replace(File.ReadAllText(file), "")))
            {
                string named = match.Groups[1].Value;
                if (named != folder && House.LevelOf(folder) <= House.LevelOf(named))
                    faults.Add($"{Path.GetRelativePath(Repository.Library, file)} names {named}");
            }
        }
        Assert.Empty(faults);
    }

    [Fact]
    public void Namespace_is_the_folder()
    {
        var faults = new List<string>();
        foreach ((string project, string root) in new[] { (Repository.Library, "DeepLearn"), (Repository.Tests, "DeepLearn.Tests") })
        {
            foreach (string file in Repository.SourcesIn(project))
            {
                string folder = Path.GetDirectoryName(Path.GetRelativePath(project, file))!.Replace(Path.DirectorySeparatorChar, '.');
                string expected = folder.Length == 0 ? root : $"{root}.{folder}";
                string[] found = [.. Namespace().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)];
                if (found.Any(name => name != expected) || (found.Length == 0 && folder.Length > 0))
                    faults.Add($"{Path.GetRelativePath(Repository.Root, file)}: expected {expected}, found {string.Join(", ", found)}");
            }
        }
        Assert.Empty(faults);
    }

    [Fact]
    public void Public_type_has_a_file_of_its_name()
    {
        var faults = new List<string>();
        foreach (string file in Repository.SourcesIn(Repository.Library))
        {
            string[] types = [.. PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct()];
            string name = Path.GetFileName(file).Split('.')[0];
            if (types.Length > 1 || (types.Length == 1 && types[0] != name))
                faults.Add($"{Path.GetFileName(file)} holds {string.Join(", ", types)}");
        }
        Assert.Empty(faults);
    }

    private static IReadOnlyList<string> Places(IReadOnlyList<Reference> uses) =>
        [.. uses.Select(use => $"{Names.Of(use.User)} uses {Names.Of(use.Used)}").Distinct()];

    [GeneratedRegex(@"\bDeepLearn\.(\w+)")]
    private static partial Regex NamedFolder();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^public (?:static |sealed |abstract |readonly |unsafe |partial |ref )*"
        + @"(?:class|struct|interface|enum|record struct|record|delegate \S+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();
}
