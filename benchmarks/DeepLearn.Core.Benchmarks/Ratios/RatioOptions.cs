using System.CommandLine;
using System.Globalization;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The options that all kinds of <c>ratios</c> share.</summary>
/// <param name="examples">Examples of filters.</param>
internal sealed class RatioOptions(string examples)
{
    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = $"Only rows that contain all words of this text, for instance {examples}. Repeated: rows that match any.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _type = new("--type")
    {
        Description = "float, double or both.",
        DefaultValueFactory = _ => "both",
    };

    private readonly Option<string[]> _threads = new("--threads")
    {
        Description = "Numbers of threads, or all. Default: 1 and all.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often each candidate has its turn." };

    private readonly Option<string> _clock = new("--clock")
    {
        Description = "wall, or thread: the processor time of the measuring thread, for one thread on a machine that others use too.",
        DefaultValueFactory = _ => "wall",
    };

    private readonly ReportFiles _files = new();

    /// <summary>Whether everything is measured on one thread; there is then no option <c>--threads</c>.</summary>
    public bool OneThread { get; init; }

    /// <summary>Whether everything is measured in float; there is then no option <c>--type</c>.</summary>
    public bool FloatOnly { get; init; }

    /// <summary>The default number of rounds.</summary>
    public int Rounds { get; init; } = RatioSettings.DefaultRounds;

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _rounds.DefaultValueFactory = _ => Rounds;
        _type.AcceptOnlyFromAmong("float", "double", "both");
        _clock.AcceptOnlyFromAmong("wall", "thread");
        _clock.Validators.Add(result =>
        {
            if (result.GetValue(_clock) != "thread")
                return;
            if (!Clock.HasProcessorTime)
                result.AddError("--clock thread is there on 64-bit Linux alone.");
            else if (!OneThread && Split(result.GetValue(_threads)) is not ["1"])
                result.AddError("--clock thread goes with --threads 1.");
        });
        _rounds.Validators.Add(result =>
        {
            if (result.GetValue(_rounds) < 1)
                result.AddError("--rounds is at least 1.");
        });
        _threads.Validators.Add(result =>
        {
            foreach (string text in Split(result.GetValue(_threads)).Where(text => !IsThreadCount(text)))
                result.AddError($"--threads takes numbers from 1 up or \"all\"; found \"{text}\".");
        });
        foreach (Option option in new Option[] { _filter, _rounds, _clock })
            command.Add(option);
        if (!FloatOnly)
            command.Add(_type);
        if (!OneThread)
            command.Add(_threads);
        _files.AddTo(command);
    }

    /// <summary>The settings that the user chose.</summary>
    public RatioSettings Settings(ParseResult result)
    {
        string type = FloatOnly ? "float" : result.GetValue(_type)!;
        Clock.UsesProcessorTime = result.GetValue(_clock) == "thread";
        string[] threads = OneThread ? ["1"] : Split(result.GetValue(_threads));
        return new()
        {
            Filters = result.GetValue(_filter) ?? [],
            Types = type == "both" ? ["float", "double"] : [type],
            Threads = [.. (threads.Length == 0 ? ["1", "all"] : threads).Select(ThreadCount).Distinct()],
            Rounds = result.GetValue(_rounds),
        };
    }

    /// <summary>Writes the files that were asked for.</summary>
    public void Save<TRow>(ParseResult result, ReportPage page, IReadOnlyList<TRow> rows) => _files.Save(result, page, rows);

    private static bool IsThreadCount(string text) =>
        text == "all" || (int.TryParse(text, CultureInfo.InvariantCulture, out int threads) && threads > 0);

    private static int ThreadCount(string text) => text == "all" ? Machine.Threads : int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The parts of texts, each of which may be a list with commas.</summary>
    public static string[] Split(string[]? texts) =>
        [.. (texts ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
