using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>The result of a trial as a JSON object, and back to the last bit: what stores keep.</summary>
/// <example><code>
/// TrialResult best = search.Run(objective).Best!;
/// string json = TrialResultJson.Write(best);    // {"stage":0,"number":4,"budget":1,"seed":1403371512,"values":{"lambda":0.0021}, ...}
/// Console.WriteLine(TrialResultJson.Read(json).Score == best.Score);    // prints True
/// </code></example>
public static class TrialResultJson
{
    [ThreadStatic]
    private static JournalDecoder? _decoder;

    /// <summary>Names and errors stay legible; what JSON itself needs escaped still is.</summary>
    internal static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a result.</summary>
    /// <param name="result">The result.</param>
    /// <returns>An object in one line. Infinities and NaN, for which JSON has no numbers, are texts.</returns>
    public static string Write(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            WriteMembers(writer, result);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a result.</summary>
    /// <param name="json">What <see cref="Write"/> wrote; the members may come in any order, and unknown ones are passed over.</param>
    /// <exception cref="FormatException">It is no JSON, a member is missing, or has a value of another kind.</exception>
    public static TrialResult Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads a result from UTF-8. To be called from any thread.</summary>
    /// <param name="json">
    /// What <see cref="Write"/> wrote, as UTF-8; the members may come in any order, and unknown ones are passed over.
    /// </param>
    /// <exception cref="FormatException">It is no JSON, a member is missing, or has a value of another kind.</exception>
    public static TrialResult Read(ReadOnlySpan<byte> json)
    {
        _decoder ??= new JournalDecoder();
        try
        {
            return _decoder.Decode(json).Result
                ?? throw new FormatException("Expected the state completed, pruned or failed; found that of a trial that has not ended.");
        }
        catch (Exception exception) when (exception is not FormatException && JournalLine.IsFormatError(exception))
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    internal static void WriteMembers(Utf8JsonWriter writer, TrialResult result)
    {
        writer.WriteNumber("stage", result.Trial.Stage);
        writer.WriteNumber("number", result.Trial.Number);
        writer.WriteNumber("budget", result.Trial.Budget);
        writer.WriteNumber("seed", result.Trial.Seed);
        writer.WriteStartObject("values");
        foreach (NamedValue parameter in result.Trial.Point.Parameters)
        {
            if (parameter.Value.IsNumber)
                writer.WriteNumber(parameter.Name, parameter.Value.Number);
            else
                writer.WriteString(parameter.Name, parameter.Value.Text);
        }
        writer.WriteEndObject();
        writer.WriteString("state", Name(result.State));
        WriteNumber(writer, "score", result.Score);
        WriteNumber(writer, "seconds", result.Seconds);
        writer.WriteStartObject("metrics");
        foreach (TrialMetric metric in result.Metrics)
            WriteNumber(writer, metric.Name, metric.Value);
        writer.WriteEndObject();
        writer.WriteStartArray("reports");
        foreach (TrialReport report in result.Reports)
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", report.Step);
            WriteNumber(writer, "score", report.Score);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (result.Error is not null)
            writer.WriteString("error", result.Error);
        if (result.Run is { } run)
        {
            writer.WriteString("worker", run.Worker);
            writer.WriteNumber("began", run.Began.ToUnixTimeMilliseconds());
        }
    }

    // JSON has no numbers for these.
    private static void WriteNumber(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    private static string Name(TrialState state) => state switch
    {
        TrialState.Completed => "completed",
        TrialState.Pruned => "pruned",
        _ => "failed",
    };
}
