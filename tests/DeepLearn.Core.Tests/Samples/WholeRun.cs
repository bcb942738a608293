using System.Text.Json;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>The tests that look at one whole run, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class WholeRunCollection : ICollectionFixture<WholeRun>
{
    public const string Name = "Whole run of the sample";
}

/// <summary>One quick run of all four parts on synthetic images, which several tests look at.</summary>
public sealed class WholeRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WholeRun()
    {
        Run = SampleProcess.Run("--quick", "--synthetic", "--seed", "3", "--threads", "2", "--out", Out);
        if (Run.ExitCode != 0)
            throw new InvalidOperationException(Run.ToString());
        Report = ReadReport(Out);
    }

    public string Out => _folder["out"];

    public JsonElement Report { get; }

    internal SampleRun Run { get; }

    public static JsonElement ReadReport(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "report.json")));
        return document.RootElement.Clone();
    }

    /// <summary>The trials of a search without their times, which alone may differ from run to run.</summary>
    public static string TrialsOf(JsonElement report) => string.Join('\n', StagesOf(report).Select(stage =>
        $"{stage.GetProperty("cycles")}: " + string.Join("; ", stage.GetProperty("trials").EnumerateArray().Select(trial =>
            $"{trial.GetProperty("lambda")} {trial.GetProperty("validationAccuracy")} {trial.GetProperty("seed")}"))));

    private static IEnumerable<JsonElement> StagesOf(JsonElement report) =>
        report.GetProperty("search").GetProperty("stages").EnumerateArray();

    public void Dispose() => _folder.Dispose();
}
