using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>
/// Reads the lines of trials in one pass, without a tree in between: a journal of a hundred thousand trials opens in less than a second.
/// The members of a line may come in any order, and unknown ones are passed over.
/// </summary>
/// <remarks>
/// A journal is read once in a process, when nothing has been compiled yet: what runs for each line is compiled with all optimizations at
/// once, which takes a third off the time of that one load.
/// </remarks>
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            switch (MemberOf(ref reader))
            {
                case JournalMember.Stage: stage = Next(ref reader).GetInt32(); break;
                case JournalMember.Number: number = Next(ref reader).GetInt32(); break;
                case JournalMember.Budget: budget = Next(ref reader).GetInt32(); break;
                case JournalMember.Seed: seed = Next(ref reader).GetUInt64(); break;
                case JournalMember.State: state = ReadState(ref reader); break;
                case JournalMember.Score: score = ReadNumber(ref reader); break;
                case JournalMember.Seconds: seconds = ReadNumber(ref reader); break;
                case JournalMember.Error: error = Next(ref reader).GetString(); break;
                case JournalMember.Worker: worker = ReadWorker(ref reader); break;
                case JournalMember.Began: began = Next(ref reader).GetInt64(); break;
                case JournalMember.Epoch: epoch = Next(ref reader).GetInt64(); break;
                case JournalMember.Until: until = Next(ref reader).GetInt64(); break;
                case JournalMember.Values: hasValues = ReadValues(ref reader); break;
                case JournalMember.Metrics: hasMetrics = ReadMetrics(ref reader); break;
                case JournalMember.Reports: hasReports = ReadReports(ref reader); break;
                default:
                    Read(ref reader);
                    reader.Skip();
                    break;
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
        var point = new SearchPoint(CollectionsMarshal.AsSpan(_parameters));
        var trial = new Trial(atStage, atNumber, budget ?? throw Missing("budget"), seed ?? throw Missing("seed"), point);
        return new(atStage, atNumber, JournalEntryKind.Ended, epoch, until, new TrialResult(trial, ending, score ?? throw Missing("score"))
        {
            Seconds = seconds ?? throw Missing("seconds"),
            Metrics = ValueList.Create<TrialMetric>(CollectionsMarshal.AsSpan(_metrics)),
            Reports = ValueList.Create<TrialReport>(CollectionsMarshal.AsSpan(_reports)),
            Error = error,
            Run = worker is not null && began is { } time ? new TrialRun(worker, DateTimeOffset.FromUnixTimeMilliseconds(time)) : null,
        });
    }

    // By length first: a name is compared with few others.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static JournalMember MemberOf(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
            name = Encoding.UTF8.GetBytes(reader.GetString()!);
        return name.Length switch
        {
            4 when name.SequenceEqual("seed"u8) => JournalMember.Seed,
            5 when name.SequenceEqual("stage"u8) => JournalMember.Stage,
            5 when name.SequenceEqual("state"u8) => JournalMember.State,
            5 when name.SequenceEqual("score"u8) => JournalMember.Score,
            5 when name.SequenceEqual("error"u8) => JournalMember.Error,
            5 when name.SequenceEqual("began"u8) => JournalMember.Began,
            5 when name.SequenceEqual("epoch"u8) => JournalMember.Epoch,
            5 when name.SequenceEqual("until"u8) => JournalMember.Until,
            6 when name.SequenceEqual("number"u8) => JournalMember.Number,
            6 when name.SequenceEqual("budget"u8) => JournalMember.Budget,
            6 when name.SequenceEqual("values"u8) => JournalMember.Values,
            6 when name.SequenceEqual("worker"u8) => JournalMember.Worker,
            7 when name.SequenceEqual("seconds"u8) => JournalMember.Seconds,
            7 when name.SequenceEqual("metrics"u8) => JournalMember.Metrics,
            7 when name.SequenceEqual("reports"u8) => JournalMember.Reports,
            _ => JournalMember.Unknown,
        };
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static string? ReadState(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueTextEquals("completed"u8) ? "completed"
            : reader.ValueTextEquals("started"u8) ? JournalLine.StartedState
            : reader.GetString();
    }

    // JSON has no numbers for infinities and NaN.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double ReadNumber(ref Utf8JsonReader reader)
    {
        Read(ref reader);
        return reader.TokenType == JsonTokenType.String
            ? double.Parse(reader.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : reader.GetDouble();
    }

    // One text for all the trials of a process that come one after another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private string? ReadWorker(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        if (_worker is null || !reader.ValueTextEquals(_worker))
            _worker = reader.GetString();
        return _worker;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
