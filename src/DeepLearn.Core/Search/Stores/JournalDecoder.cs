using System.Globalization;
using System.Text.Json;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>
/// Reads the lines of trials in one pass, without a tree in between: a journal of a hundred thousand trials opens in less than a second.
/// The members of a line may come in any order, and unknown ones are passed over.
/// </summary>
internal sealed class JournalDecoder
{
    // The names of the previous line, by place: almost always those of this line too, which then allocates no strings.
    private readonly List<string> _parameterNames = [];
    private readonly List<string> _metricNames = [];
    private readonly List<NamedValue> _parameters = [];
    private readonly List<TrialMetric> _metrics = [];
    private readonly List<TrialReport> _reports = [];
    private string? _worker;

    /// <summary>What a line says about a trial.</summary>
    /// <param name="line">The line, which matches its checksum, without its end.</param>
    /// <exception cref="FormatException">A member is missing, or has a value of another kind.</exception>
    /// <exception cref="JsonException">The line is no JSON.</exception>
    public JournalEntry Decode(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        int? stage = null, number = null, budget = null;
        ulong? seed = null;
        double? score = null, seconds = null;
        string? state = null, error = null, worker = null;
        long epoch = 0, until = 0;
        long? began = null;
        bool hasValues = false, hasMetrics = false, hasReports = false;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("stage"u8))
                stage = Next(ref reader).GetInt32();
            else if (reader.ValueTextEquals("number"u8))
                number = Next(ref reader).GetInt32();
            else if (reader.ValueTextEquals("budget"u8))
                budget = Next(ref reader).GetInt32();
            else if (reader.ValueTextEquals("seed"u8))
                seed = Next(ref reader).GetUInt64();
            else if (reader.ValueTextEquals("state"u8))
                state = ReadState(ref reader);
            else if (reader.ValueTextEquals("score"u8))
                score = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("seconds"u8))
                seconds = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("error"u8))
                error = Next(ref reader).GetString();
            else if (reader.ValueTextEquals("worker"u8))
                worker = ReadWorker(ref reader);
            else if (reader.ValueTextEquals("began"u8))
                began = Next(ref reader).GetInt64();
            else if (reader.ValueTextEquals("epoch"u8))
                epoch = Next(ref reader).GetInt64();
            else if (reader.ValueTextEquals("until"u8))
                until = Next(ref reader).GetInt64();
            else if (reader.ValueTextEquals("values"u8))
                hasValues = ReadValues(ref reader);
            else if (reader.ValueTextEquals("metrics"u8))
                hasMetrics = ReadMetrics(ref reader);
            else if (reader.ValueTextEquals("reports"u8))
                hasReports = ReadReports(ref reader);
            else
            {
                Read(ref reader);
                reader.Skip();
            }
        }
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
            throw new FormatException("Expected one object in a line.");
        int atStage = stage ?? throw Missing("stage"), atNumber = number ?? throw Missing("number");
        if (KindOf(state) is { } kind)
            return new(atStage, atNumber, kind, epoch, until, null);
        TrialState ending = JournalLine.State(state ?? throw Missing("state"));
        if (!hasValues || !hasMetrics || !hasReports)
            throw Missing(!hasValues ? "values" : !hasMetrics ? "metrics" : "reports");
        var trial = new Trial(
            atStage, atNumber, budget ?? throw Missing("budget"), seed ?? throw Missing("seed"), new SearchPoint([.. _parameters]));
        return new(atStage, atNumber, JournalEntryKind.Ended, epoch, until, new TrialResult(trial, ending, score ?? throw Missing("score"))
        {
            Seconds = seconds ?? throw Missing("seconds"),
            Metrics = [.. _metrics],
            Reports = [.. _reports],
            Error = error,
            Run = worker is not null && began is { } time ? new TrialRun(worker, DateTimeOffset.FromUnixTimeMilliseconds(time)) : null,
        });
    }

    private static JournalEntryKind? KindOf(string? state) => state switch
    {
        JournalLine.StartedState => JournalEntryKind.Started,
        JournalLine.AbandonedState => JournalEntryKind.Abandoned,
        JournalLine.ClaimedState => JournalEntryKind.Claimed,
        JournalLine.RenewedState => JournalEntryKind.Renewed,
        JournalLine.LostState => JournalEntryKind.Lost,
        _ => null,
    };

    private static bool Read(ref Utf8JsonReader reader) =>
        reader.Read() ? true : throw new FormatException("Expected an object with an end.");

    private static ref Utf8JsonReader Next(ref Utf8JsonReader reader)
    {
        Read(ref reader);
        return ref reader;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        Read(ref reader);
        if (reader.TokenType != token)
            throw new FormatException($"Expected {token}, found {reader.TokenType}.");
    }

    private static FormatException Missing(string name) => new($"Expected the member \"{name}\", found none.");

    // The usual states without a text of each line's own.
    private static string? ReadState(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueTextEquals("completed"u8) ? "completed"
            : reader.ValueTextEquals("started"u8) ? JournalLine.StartedState
            : reader.GetString();
    }

    // JSON has no numbers for infinities and NaN.
    private static double ReadNumber(ref Utf8JsonReader reader)
    {
        Read(ref reader);
        return reader.TokenType == JsonTokenType.String
            ? double.Parse(reader.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : reader.GetDouble();
    }

    // One text for all the trials of a process that come one after another.
    private string? ReadWorker(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        if (_worker is null || !reader.ValueTextEquals(_worker))
            _worker = reader.GetString();
        return _worker;
    }

    private static string ReadName(ref Utf8JsonReader reader, List<string> before, int place)
    {
        if (place < before.Count && reader.ValueTextEquals(before[place]))
            return before[place];
        string name = reader.GetString()!;
        if (place < before.Count)
            before[place] = name;
        else
            before.Add(name);
        return name;
    }

    private bool ReadValues(ref Utf8JsonReader reader)
    {
        _parameters.Clear();
        Expect(ref reader, JsonTokenType.StartObject);
        while (Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = ReadName(ref reader, _parameterNames, _parameters.Count);
            Read(ref reader);
            _parameters.Add(new(name, reader.TokenType == JsonTokenType.String
                ? new ParameterValue(reader.GetString()!)
                : new ParameterValue(reader.GetDouble())));
        }
        return true;
    }

    private bool ReadMetrics(ref Utf8JsonReader reader)
    {
        _metrics.Clear();
        Expect(ref reader, JsonTokenType.StartObject);
        while (Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = ReadName(ref reader, _metricNames, _metrics.Count);
            _metrics.Add(new(name, ReadNumber(ref reader)));
        }
        return true;
    }

    private bool ReadReports(ref Utf8JsonReader reader)
    {
        _reports.Clear();
        Expect(ref reader, JsonTokenType.StartArray);
        while (Read(ref reader) && reader.TokenType == JsonTokenType.StartObject)
        {
            long? step = null;
            double? score = null;
            while (Read(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("step"u8))
                    step = Next(ref reader).GetInt64();
                else if (reader.ValueTextEquals("score"u8))
                    score = ReadNumber(ref reader);
                else
                {
                    Read(ref reader);
                    reader.Skip();
                }
            }
            _reports.Add(new(step ?? throw Missing("step"), score ?? throw Missing("score")));
        }
        return true;
    }
}
