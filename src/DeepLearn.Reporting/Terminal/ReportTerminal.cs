using System.Collections.Concurrent;
using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Reporting.Live;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using Spectre.Console;

namespace DeepLearn.Reporting.Terminal;

/// <summary>
/// What a user sees while a program runs: headings, lines, tables, and progress. In a terminal progress is bars that are redrawn in place;
/// where the output is redirected to a file or a pipe it is a line of text every few seconds.
/// </summary>
/// <example><code>TrainingResult result = new ReportTerminal().Train(trainer);</code></example>
public sealed class ReportTerminal
{
    // A file has no width; tables in it are not folded.
    private const int WidthOfFiles = 160;
    private readonly IAnsiConsole _console;
    private readonly TextWriter _output;
    private readonly bool _isInteractive;

    /// <summary>Makes a terminal on standard output.</summary>
    public ReportTerminal()
        : this(Console.Out, !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi)
    {
    }

    /// <summary>Makes one that writes plain lines.</summary>
    /// <param name="output">Where they go; the caller owns it.</param>
    public ReportTerminal(TextWriter output)
        : this(output, false)
    {
    }

    private ReportTerminal(TextWriter output, bool isInteractive)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _isInteractive = isInteractive;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (!isInteractive)
            _console.Profile.Width = WidthOfFiles;
    }

    /// <summary>The clock of rates and times. Default: the system's.</summary>
    public TimeProvider Clock { get; init => field = PropertyGuard.NotNull(value); } = TimeProvider.System;

    /// <summary>Writes one line as it is.</summary>
    /// <param name="text">The line. Default empty.</param>
    public void Line(string text = "") => _output.WriteLine(text);

    /// <summary>Writes a line that begins a part of the work.</summary>
    /// <param name="text">The name of the part.</param>
    public void Heading(string text)
    {
        Line();
        if (_isInteractive)
            _console.MarkupLineInterpolated($"[bold]{text}[/]");
        else
            Line($"== {text}");
    }

    /// <summary>Writes a table.</summary>
    /// <param name="table">The table.</param>
    public void Table(ReportTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var drawn = new Table { Border = _isInteractive ? TableBorder.Rounded : TableBorder.Ascii };
        foreach (ReportColumn column in table.Columns)
        {
            var header = new TableColumn(new Text(column.Name)) { NoWrap = true };
            drawn.AddColumn(column.IsNumeric ? header.RightAligned() : header.LeftAligned());
        }
        foreach (IReadOnlyList<string> row in table.Rows)
            drawn.AddRow(row.Select(cell => new Text(cell)));
        Line();
        Line(table.Caption);
        _console.Write(drawn);
    }

    /// <summary>Does some work and shows its progress.</summary>
    /// <typeparam name="TResult">The type of its result.</typeparam>
    /// <param name="work">The work, which adds a line for each task and reports to it, from any thread.</param>
    /// <param name="toStandardError">Whether plain lines go to standard error instead of the output. Default false.</param>
    /// <returns>The result of the work. An exception of the work is the caller's.</returns>
    public TResult Follow<TResult>(Func<IProgressBoard, TResult> work, bool toStandardError = false)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Follow(work, toStandardError, null);
    }

    /// <summary>
    /// Trains to the end of the plan and shows how far it is, the loss and the validation accuracy; in a terminal also the learning
    /// curves so far, as charts of characters.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="trainer">The trainer.</param>
    /// <param name="title">The name of the run.</param>
    /// <param name="next">Who else is told of its progress, such as a <see cref="LiveTrainingPage{T}"/>. Default: null, for nobody.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>What <see cref="Trainer{T}.Run"/> returns; its exceptions are the caller's.</returns>
    public TrainingResult Train<T>(
        Trainer<T> trainer, string title = "Training", IProgress<TrainingProgress>? next = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var history = new RunHistory();
        return Follow(board =>
        {
            using ProgressLine line = board.Add(title, "steps", trainer.TotalSteps);
            line.BeginAt(trainer.StepsDone);
            return trainer.Run(new DirectProgress<TrainingProgress>(Report), cancellationToken);
            void Report(TrainingProgress value)
            {
                history.Add(value, trainer.Curve);
                line.Report(value.Step, NoteOf(value));
                next?.Report(value);
            }
        }, toStandardError: false, new(history));
    }

    /// <summary>Runs a search and shows how many trials have ended, the best score, and the trials under way.</summary>
    /// <param name="search">The search.</param>
    /// <param name="objective">What to maximize or minimize.</param>
    /// <param name="options">How it is run. Default null: as <see cref="HyperparameterSearch.Run"/> does without options.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>What <see cref="HyperparameterSearch.Run"/> returns; its exceptions are the caller's.</returns>
    public SearchResult Search(
        HyperparameterSearch search, TrialObjective objective, SearchRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        options ??= new();
        return Follow(board =>
        {
            using var lines = new SearchLines(board, search, options.Progress);
            return search.Run(objective, options with { Progress = lines }, cancellationToken);
        });
    }

    private TResult Follow<TResult>(Func<IProgressBoard, TResult> work, bool toStandardError, LiveCurves? curves)
    {
        if (!_isInteractive)
            return work(new PlainProgressBoard(toStandardError ? Console.Error : _output, Clock));
        var details = new ProgressDetailColumn();
        return _console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .UseRenderHook((bars, _) => curves is null ? bars : new Rows(curves.Render(_console.Profile.Width), bars))
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 30 },
                new PercentageColumn(),
                details)
            .Start(context => work(new LiveProgressBoard(context, details, Clock)));
    }

    private static string NoteOf(TrainingProgress progress)
    {
        string loss = double.IsFinite(progress.Loss) ? Format.Text($"loss {progress.Loss:f3}") : "";
        Evaluation? latest = progress.Latest?.Validation ?? progress.Latest?.Training;
        string set = progress.Latest?.Validation is null ? "training" : "validation";
        string quality = latest?.Accuracy is { } accuracy ? $"{set} accuracy {Format.Percent(accuracy)}"
            : latest is not null ? $"{set} loss {Format.Significant(latest.Loss)}" : "";
        return loss.Length > 0 && quality.Length > 0 ? $"{loss}, {quality}" : loss + quality;
    }

    /// <summary>A line for the whole search, and one for each trial under way.</summary>
    private sealed class SearchLines(IProgressBoard board, HyperparameterSearch search, IProgress<SearchProgress>? next)
        : IProgress<SearchProgress>, IDisposable
    {
        private readonly ProgressLine _whole = board.Add("Search", "trials", search.TotalTrials);
        private readonly ConcurrentDictionary<(int Stage, int Number), ProgressLine> _lines = [];
        private double _best = double.NaN;

        public void Report(SearchProgress value)
        {
            (int, int) trial = (value.Trial.Stage, value.Trial.Number);
            if (value.Kind == SearchProgressKind.Started)
            {
                _whole.Report(value.FinishedTrials);
                _lines[trial] = board.Add($"  trial {value.Trial.Number}: {value.Trial.Point}", "reports", 0, isDetail: true);
            }
            if (value.Report is { } report && _lines.TryGetValue(trial, out ProgressLine? line))
                line.Report(line.Done + 1, Format.Text($"step {report.Step}, score {report.Score:g4}"));
            if (value.Kind == SearchProgressKind.Finished && _lines.TryRemove(trial, out ProgressLine? ended))
                ended.Dispose();
            if (value.Result is { } result)
                Note(value, result);
            next?.Report(value);
        }

        public void Dispose()
        {
            foreach (ProgressLine line in _lines.Values)
                line.Dispose();
            _whole.Dispose();
        }

        private void Note(SearchProgress value, TrialResult result)
        {
            bool isBetter = double.IsNaN(_best)
                || (search.Direction == SearchDirection.Maximize ? result.Score > _best : result.Score < _best);
            if (result.State == TrialState.Completed && isBetter)
                _best = result.Score;
            string? note = double.IsNaN(_best) ? null : $"best {Format.Significant(_best)}";

            // Trials of an earlier run come one after the other: how many there were is known when the first new one begins.
            if (value.Kind == SearchProgressKind.Resumed)
                _whole.BeginAt(value.FinishedTrials, note);
            else
                _whole.Report(value.FinishedTrials, note);
        }
    }
}
