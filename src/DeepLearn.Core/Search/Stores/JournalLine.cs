using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>
/// A line of a journal: <c>{"check":"0123456789abcdef","stage":0,...}</c>. The checksum is the first 64 bits of the SHA-256 of the bytes
/// after its comma, so that a line is checked before it is parsed.
/// </summary>
internal static class JournalLine
{
    private const string Format = "DeepLearn search journal 1";
    private const string StartedState = "started";
    private const string AbandonedState = "abandoned";
    private const int DigitCount = 16;

    // Names and errors stay legible; what JSON itself needs escaped still is.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlySpan<byte> Prefix => "{\"check\":\""u8;

    private static ReadOnlySpan<byte> Infix => "\","u8;

    private static int BodyStart => Prefix.Length + DigitCount + Infix.Length;

    /// <summary>The first line of a journal, its end included. The same search gives the same bytes.</summary>
    public static byte[] Header(RunIdentity identity) => Seal(writer =>
    {
        writer.WriteString("format", Format);
        writer.WriteStartObject("search");
        foreach (IdentityField field in identity.Fields)
            writer.WriteString(field.Name, field.Value);
        writer.WriteEndObject();
    });

    /// <summary>The line of a trial, its end included.</summary>
    public static byte[] Encode(TrialResult result) => Seal(writer =>
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
    });

    /// <summary>The line of a trial that begins, its end included.</summary>
    public static byte[] Started(Trial trial) => Event(trial, StartedState);

    /// <summary>The line of a trial that was stopped before it ended, its end included.</summary>
    public static byte[] Abandoned(Trial trial) => Event(trial, AbandonedState);

    /// <summary>Whether a line, without its end, matches its checksum.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> line)
    {
        if (line.Length <= BodyStart || !line.StartsWith(Prefix) || !line[..BodyStart].EndsWith(Infix))
            return false;
        Span<byte> digits = stackalloc byte[DigitCount];
        WriteChecksum(line[BodyStart..], digits);
        return line.Slice(Prefix.Length, DigitCount).SequenceEqual(digits);
    }

    /// <summary>The search that a header names.</summary>
    public static RunIdentity DecodeHeader(ReadOnlySpan<byte> line, string path) => Read(line, path, 1, root =>
    {
        string? format = root.GetProperty("format").GetString();
        if (format != Format)
            throw new TrialStoreException($"The journal \"{path}\" has another format: expected \"{Format}\", found \"{format}\".");
        var fields = new List<IdentityField>();
        foreach (JsonProperty field in root.GetProperty("search").EnumerateObject())
            fields.Add(new IdentityField(field.Name, field.Value.GetString() ?? ""));
        return new RunIdentity([.. fields]);
    });

    /// <summary>What a line says about a trial.</summary>
    public static JournalEntry Decode(ReadOnlySpan<byte> line, string path, int number) => Read(line, path, number, root =>
    {
        int stage = root.GetProperty("stage").GetInt32(), trial = root.GetProperty("number").GetInt32();
        return root.GetProperty("state").GetString() is StartedState or AbandonedState
            ? new JournalEntry(stage, trial, root.GetProperty("state").ValueEquals(StartedState), null)
            : new JournalEntry(stage, trial, false, DecodeResult(root));
    });

    private static TrialResult DecodeResult(JsonElement root)
    {
        var parameters = new List<NamedValue>();
        foreach (JsonProperty value in root.GetProperty("values").EnumerateObject())
        {
            parameters.Add(new NamedValue(value.Name, value.Value.ValueKind == JsonValueKind.String
                ? new ParameterValue(value.Value.GetString()!)
                : new ParameterValue(value.Value.GetDouble())));
        }
        var metrics = new List<TrialMetric>();
        foreach (JsonProperty metric in root.GetProperty("metrics").EnumerateObject())
            metrics.Add(new TrialMetric(metric.Name, ReadNumber(metric.Value)));
        var reports = new List<TrialReport>();
        foreach (JsonElement report in root.GetProperty("reports").EnumerateArray())
            reports.Add(new TrialReport(report.GetProperty("step").GetInt64(), ReadNumber(report.GetProperty("score"))));
        var trial = new Trial(
            root.GetProperty("stage").GetInt32(),
            root.GetProperty("number").GetInt32(),
            root.GetProperty("budget").GetInt32(),
            root.GetProperty("seed").GetUInt64(),
            new SearchPoint([.. parameters]));
        return new TrialResult(trial, State(root.GetProperty("state").GetString()), ReadNumber(root.GetProperty("score")))
        {
            Seconds = ReadNumber(root.GetProperty("seconds")),
            Metrics = [.. metrics],
            Reports = [.. reports],
            Error = root.TryGetProperty("error", out JsonElement error) ? error.GetString() : null,
        };
    }

    private static T Read<T>(ReadOnlySpan<byte> line, string path, int number, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line.ToArray());
            return read(document.RootElement);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new TrialStoreException(
                $"The journal \"{path}\" has a line {number} of another make, though it matches its checksum: {exception.Message}",
                exception);
        }
    }

    private static byte[] Event(Trial trial, string state) => Seal(writer =>
    {
        writer.WriteNumber("stage", trial.Stage);
        writer.WriteNumber("number", trial.Number);
        writer.WriteString("state", state);
    });

    private static byte[] Seal(Action<Utf8JsonWriter> writeBody)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writeBody(writer);
            writer.WriteEndObject();
        }
        ReadOnlySpan<byte> body = buffer.WrittenSpan[1..];
        var line = new byte[BodyStart + body.Length + 1];
        Prefix.CopyTo(line);
        WriteChecksum(body, line.AsSpan(Prefix.Length, DigitCount));
        Infix.CopyTo(line.AsSpan(Prefix.Length + DigitCount));
        body.CopyTo(line.AsSpan(BodyStart));
        line[^1] = (byte)'\n';
        return line;
    }

    private static void WriteChecksum(ReadOnlySpan<byte> body, Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash[..(DigitCount / 2)]), digits);
    }

    // JSON has no numbers for these.
    private static void WriteNumber(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    private static double ReadNumber(JsonElement element) =>
        element.ValueKind == JsonValueKind.String
            ? double.Parse(element.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : element.GetDouble();

    private static string Name(TrialState state) => state switch
    {
        TrialState.Completed => "completed",
        TrialState.Pruned => "pruned",
        _ => "failed",
    };

    private static TrialState State(string? name) => name switch
    {
        "completed" => TrialState.Completed,
        "pruned" => TrialState.Pruned,
        "failed" => TrialState.Failed,
        _ => throw new FormatException($"Expected the state completed, pruned or failed; found \"{name}\"."),
    };
}
