using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Files;

namespace DeepLearn.Samples.TwoLayerCifar10.Results;

/// <summary>
/// The results of the parts, each in a file of its own that is written when the part is done. One folder holds the results of one data
/// set, seed and size, so a report never mixes two experiments, and one never overwrites the other's.
/// </summary>
internal sealed class ResultStore(OutputFolder folder)
{
    public const string JournalName = "search.jsonl";

    public string JournalPath => folder.PathOf(JournalName);

    /// <summary>Where the network of the final part is saved, with its normalization.</summary>
    public string ModelPath => folder.PathOf("final.safetensors");

    public IReadOnlyList<GradientCell>? Gradients
    {
        get => Read("gradients.json", ResultsJson.Default.IReadOnlyListGradientCell);
        set => Write("gradients.json", value!, ResultsJson.Default.IReadOnlyListGradientCell);
    }

    public IReadOnlyList<CyclesRun>? Cycles
    {
        get => Read("cycles.json", ResultsJson.Default.IReadOnlyListCyclesRun);
        set => Write("cycles.json", value!, ResultsJson.Default.IReadOnlyListCyclesRun);
    }

    public SearchPartResult? Search
    {
        get => Read("search.json", ResultsJson.Default.SearchPartResult);
        set => Write("search.json", value!, ResultsJson.Default.SearchPartResult);
    }

    public FinalPartResult? Final
    {
        get => Read("final.json", ResultsJson.Default.FinalPartResult);
        set => Write("final.json", value!, ResultsJson.Default.FinalPartResult);
    }

    private T? Read<T>(string name, JsonTypeInfo<T> type)
        where T : class
    {
        if (folder.Read(name) is not { } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException exception)
        {
            throw new SampleException(
                $"{folder.PathOf(name)}, line {exception.LineNumber + 1}: expected the result of an earlier run as it was written; "
                + "remove the file to go on without it.",
                exception);
        }
    }

    private void Write<T>(string name, T value, JsonTypeInfo<T> type)
        where T : class => folder.Write(name, JsonSerializer.Serialize(value, type));
}
