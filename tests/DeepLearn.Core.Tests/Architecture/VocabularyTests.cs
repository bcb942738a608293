using Xunit;

namespace DeepLearn.Tests.Architecture;

/// <summary>Holds names, documentation, messages and pages to the project's words.</summary>
public class VocabularyTests
{
    private static readonly string[] Patterns = ["*.cs", "*.md", "*.csproj", "*.props"];

    [Fact]
    public void Word_that_is_not_the_projects_stands_nowhere()
    {
        var found = new Dictionary<string, IReadOnlyList<string>>();
        foreach (string file in Patterns.SelectMany(pattern => Repository.FilesIn(Repository.Root, pattern)))
        {
            string path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
            bool isPastMeasurement = path.StartsWith("benchmarks/results/", StringComparison.Ordinal);
            if (isPastMeasurement || Path.GetFileName(path) is "Vocabulary.cs" or "VocabularyTests.cs")
                continue;
            string[] lines = File.ReadAllLines(file);
            foreach (ForbiddenWord word in Vocabulary.Words)
            {
                string[] places =
                    [.. lines.Where(line => word.IsIn(path, line)).Select(line => $"say {word.Instead} ({word.Reason}): {line.Trim()}")];
                if (places.Length > 0)
                    found[$"{path}: {word.Name}"] = places;
            }
        }
        KnownFaults.Compare("Words that are not the project's", found);
    }

    [Theory]
    [InlineData("The colour of a neighbour.", "British spelling")]
    [InlineData("It is normalised and initialised.", "British spelling")]
    [InlineData("public double Deviations; // the deviation of a feature", "deviation")]
    [InlineData("/// <summary>The slope of the loss.</summary>", "slope")]
    [InlineData("/// <summary>A record and its machine.</summary>", "machine")]
    [InlineData("TryAbsorbRelu", "absorb")]
    public void Forbidden_word_is_found(string line, string name) =>
        Assert.Contains(Vocabulary.Words, word => word.Name == name && word.IsIn("src/File.cs", line));

    [Theory]
    [InlineData("the standard deviation, the median absolute deviation, on every machine, OperationCanceledException, exercise, precise")]
    [InlineData("double deviation = Math.Sqrt(variance);")]
    [InlineData("/// (He, Zhang, Ren and Sun, \"Delving Deep into Rectifiers\", 2015)")]
    public void Right_word_is_left_alone(string line) =>
        Assert.DoesNotContain(Vocabulary.Words, word => word.IsIn("src/File.cs", line));
}
