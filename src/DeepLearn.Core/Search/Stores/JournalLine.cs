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
    /// <summary>The state of a trial that begins.</summary>
    public const string StartedState = "started";
    /// <summary>The state of a trial that was stopped before it ended.</summary>
    public const string AbandonedState = "abandoned";
    private const string Format = "DeepLearn search journal 1";
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
    public static JournalEntry Decode(JournalDecoder decoder, ReadOnlySpan<byte> line, string path, int number)
    {
        try
        {
            return decoder.Decode(line);
        }
        catch (Exception exception) when (IsFormatError(exception))
        {
            throw OfAnotherMake(path, number, exception);
        }
    }

    /// <summary>The state of a name.</summary>
    public static TrialState State(string name) => name switch
    {
        "completed" => TrialState.Completed,
        "pruned" => TrialState.Pruned,
        "failed" => TrialState.Failed,
        _ => throw new FormatException($"Expected the state completed, pruned or failed; found \"{name}\"."),
    };

    private static T Read<T>(ReadOnlySpan<byte> line, string path, int number, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line.ToArray());
            return read(document.RootElement);
        }
        catch (Exception exception) when (IsFormatError(exception))
        {
            throw OfAnotherMake(path, number, exception);
        }
    }

    private static bool IsFormatError(Exception exception) =>
        exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException;

    private static TrialStoreException OfAnotherMake(string path, int number, Exception exception) => new(
        $"The journal \"{path}\" has a line {number} of another make, though it matches its checksum: {exception.Message}", exception);

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
        Convert.TryToHexStringLower(hash[..(DigitCount / 2)], digits, out _);
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
