using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using DeepLearn.Foundation;
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
    /// <summary>The state of a trial that one of several processes runs.</summary>
    public const string ClaimedState = "claimed";
    /// <summary>The state of a trial that it goes on running.</summary>
    public const string RenewedState = "renewed";
    /// <summary>The state of a trial whose process is gone.</summary>
    public const string LostState = "lost";
    private const string Format = "DeepLearn search journal 1";
    private const int DigitCount = 16;

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
    /// <param name="result">How the trial ended.</param>
    /// <param name="epoch">The claim that it belongs to; 0 where there was none.</param>
    public static byte[] Encode(TrialResult result, long epoch = 0) => Seal(writer =>
    {
        TrialResultJson.WriteMembers(writer, result);
        if (epoch > 0)
            writer.WriteNumber("epoch", epoch);
    });

    /// <summary>The line of a trial that begins, its end included.</summary>
    public static byte[] Started(Trial trial) => Event(trial.Stage, trial.Number, StartedState);

    /// <summary>The line of a trial that was stopped before it ended, its end included.</summary>
    public static byte[] Abandoned(Trial trial) => Event(trial.Stage, trial.Number, AbandonedState);

    /// <summary>The line of a claim, its end included.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="worker">Whose it is.</param>
    /// <param name="until">When it ends, in milliseconds since 1970.</param>
    public static byte[] Claimed(TrialLease lease, string worker, long until) =>
        Event(lease.Stage, lease.Number, ClaimedState, lease.Epoch, until, worker);

    /// <summary>The line of a lease that is renewed, its end included.</summary>
    public static byte[] Renewed(TrialLease lease, long until) => Event(lease.Stage, lease.Number, RenewedState, lease.Epoch, until);

    /// <summary>The line of a lease that is given up without a fault, its end included.</summary>
    public static byte[] Released(TrialLease lease) => Event(lease.Stage, lease.Number, AbandonedState, lease.Epoch);

    /// <summary>The line of a lease whose process is gone, its end included.</summary>
    public static byte[] Lost(int stage, int number, long epoch) => Event(stage, number, LostState, epoch);

    /// <summary>Whether a line, without its end, matches its checksum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsWhole(ReadOnlySpan<byte> line)
    {
        if (line.Length <= BodyStart || !line.StartsWith(Prefix) || !line[..BodyStart].EndsWith(Infix))
            return false;
        Span<byte> digits = stackalloc byte[DigitCount];
        WriteChecksum(line[BodyStart..], digits);
        return line.Slice(Prefix.Length, DigitCount).SequenceEqual(digits);
    }

    /// <summary>The search that a header names.</summary>
    public static RunIdentity DecodeHeader(ReadOnlySpan<byte> line, string path) => Parse(line, path, 1, root =>
    {
        string? format = root.GetProperty("format").GetString();
        if (format != Format)
            throw new TrialStoreException($"The journal \"{path}\" has another format: expected \"{Format}\", found \"{format}\".");
        var fields = new List<IdentityField>();
        foreach (JsonProperty field in root.GetProperty("search").EnumerateObject())
            fields.Add(new IdentityField(field.Name, field.Value.GetString() ?? ""));
        return new RunIdentity([.. fields]);
    });

    /// <summary>Checks a line, without its end, and what it says about a trial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static JournalReading Read(JournalDecoder decoder, ReadOnlySpan<byte> line)
    {
        if (!IsWhole(line))
            return default;
        try
        {
            return new(true, decoder.Decode(line), null);
        }
        catch (Exception exception) when (IsFormatError(exception))
        {
            return new(true, default, exception);
        }
    }

    /// <summary>The error of a line that matches its checksum and is no line of this library.</summary>
    public static TrialStoreException OfAnotherMake(string path, int number, Exception exception) => new(
        $"The journal \"{path}\" has a line {number} of another make, though it matches its checksum: {exception.Message}", exception);

    /// <summary>The state of a name.</summary>
    public static TrialState State(string name) => name switch
    {
        "completed" => TrialState.Completed,
        "pruned" => TrialState.Pruned,
        "failed" => TrialState.Failed,
        _ => throw new FormatException($"Expected the state completed, pruned or failed; found \"{name}\"."),
    };

    private static T Parse<T>(ReadOnlySpan<byte> line, string path, int number, Func<JsonElement, T> read)
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

    internal static bool IsFormatError(Exception exception) =>
        exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException;

    private static byte[] Event(
        int stage, int number, string state, long epoch = 0, long until = 0, string? worker = null) => Seal(writer =>
    {
        writer.WriteNumber("stage", stage);
        writer.WriteNumber("number", number);
        writer.WriteString("state", state);
        if (epoch > 0)
            writer.WriteNumber("epoch", epoch);
        if (until > 0)
            writer.WriteNumber("until", until);
        if (worker is not null)
            writer.WriteString("worker", worker);
    });

    private static byte[] Seal(Action<Utf8JsonWriter> writeBody)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, TrialResultJson.WriterOptions))
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteChecksum(ReadOnlySpan<byte> body, Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        Convert.TryToHexStringLower(hash[..(DigitCount / 2)], digits, out _);
    }
}
