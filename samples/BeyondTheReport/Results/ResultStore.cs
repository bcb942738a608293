using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Files;

namespace DeepLearn.Samples.BeyondTheReport.Results;

/// <summary>
/// What was found, on disk as soon as it was found: each experiment in a file of its own, and each run in one named for its recipe, so that
/// an experiment that was stopped goes on with its next run. One folder holds the results of one data set, seed and size.
/// </summary>
internal sealed class ResultStore(OutputFolder folder)
{
    private readonly OutputFolder _runs = folder.Inner("runs");

    /// <summary>The result of an experiment, or null where it was not finished yet.</summary>
    public ExperimentResult? FindExperiment(string name) => Read(folder, $"{name}.json", ResultsJson.Default.ExperimentResult);

    public void KeepExperiment(ExperimentResult result) =>
        Write(folder, $"{result.Name}.json", result, ResultsJson.Default.ExperimentResult);

    /// <summary>The outcome of a run, or null where it was not made yet.</summary>
    public RunOutcome? FindRun(string recipe) =>
        Read(_runs, NameOf(recipe), ResultsJson.Default.RunOutcome) is { } outcome && outcome.Recipe == recipe ? outcome : null;

    public void KeepRun(RunOutcome outcome) => Write(_runs, NameOf(outcome.Recipe), outcome, ResultsJson.Default.RunOutcome);

    /// <summary>Where a run that takes long writes its checkpoint.</summary>
    public string CheckpointOf(string recipe) => _runs.PathOf(Path.ChangeExtension(NameOf(recipe), ".checkpoint"));

    private static string NameOf(string recipe) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipe)))[..16]}.json";

    private static T? Read<T>(OutputFolder from, string name, JsonTypeInfo<T> type)
        where T : class
    {
        if (from.Read(name) is not { } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException exception)
        {
            throw new SampleException(
                $"{from.PathOf(name)}, line {exception.LineNumber + 1}: expected the result of an earlier run as it was written; "
                + "remove the file to go on without it.",
                exception);
        }
    }

    private static void Write<T>(OutputFolder to, string name, T value, JsonTypeInfo<T> type) =>
        to.Write(name, JsonSerializer.Serialize(value, type));
}
