using System.Text.RegularExpressions;
using Xunit;

namespace DeepLearn.Tests.Architecture;

/// <summary>Holds the source folders to the order of the house: a folder uses only folders above it.</summary>
public partial class LayeringTests
{
    private static readonly string[][] Levels =
    [
        ["Foundation"],
        ["Tensors"],
        ["Kernels"],
        ["Parameters", "Data", "Schedules"],
        ["Layers", "Losses", "Regularizers", "Optimizers"],
        ["Models"],
        ["Verification", "Training"],
        ["Search"],
    ];

    [Fact]
    public void EveryFolderOfTheLibraryHasALevel() =>
        Assert.Equal(
            Levels.SelectMany(level => level).Order(),
            Directory.GetDirectories(Repository.Library).Select(path => Path.GetFileName(path)).Except(["bin", "obj"]).Order());

    [Fact]
    public void AFolderUsesOnlyFoldersAboveIt()
    {
        var faults = new List<string>();
        for (int level = 0; level < Levels.Length; level++)
        {
            foreach (string folder in Levels[level])
            {
                IEnumerable<string> forbidden = Levels.Skip(level).SelectMany(names => names).Where(name => name != folder);
                faults.AddRange(FaultsIn(folder, [.. forbidden]));
            }
        }
        Assert.Empty(faults);
    }

    [Fact]
    public void APublicTypeHasAFileOfItsName()
    {
        var faults = new List<string>();
        foreach (string file in SourcesIn(""))
        {
            string[] types = [.. PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct()];
            string name = Path.GetFileName(file).Split('.')[0];
            if (types.Length > 0 && !types.Contains(name))
                faults.Add($"{Path.GetFileName(file)} holds {string.Join(", ", types)}");
        }
        Assert.Empty(faults);
    }

    private static IEnumerable<string> FaultsIn(string folder, string[] forbidden)
    {
        foreach (string file in SourcesIn(folder))
        {
            string text = Comment().Replace(File.ReadAllText(file), "");
            foreach (Match match in UsedFolder().Matches(text))
            {
                if (forbidden.Contains(match.Groups[1].Value))
                    yield return $"{folder}/{Path.GetFileName(file)} uses {match.Groups[1].Value}";
            }
        }
    }

    private static IEnumerable<string> SourcesIn(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Library, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));

    [GeneratedRegex(@"(?:using (?:static )?(?:\w+ = )?DeepLearn\.|DeepLearn\.)(\w+)")]
    private static partial Regex UsedFolder();

    [GeneratedRegex(@"^public (?:static |sealed |abstract |readonly |unsafe |partial |ref )*(?:class|struct|interface|enum|record struct|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();
}
