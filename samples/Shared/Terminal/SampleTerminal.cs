using DeepLearn.Samples.Reporting.Tables;
using Spectre.Console;

namespace DeepLearn.Samples.Reporting.Terminal;

/// <summary>What the user sees while a sample runs: headings, lines, tables, and progress that suits a terminal or a file.</summary>
public sealed class SampleTerminal
{
    private readonly IAnsiConsole _console;
    private readonly bool _isInteractive;

    /// <summary>The process's standard output.</summary>
    public SampleTerminal()
    {
        _isInteractive = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = _isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = _isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = _isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });

        // A file has no width; tables in it are not folded.
        if (!_isInteractive)
            _console.Profile.Width = 160;
    }

    /// <summary>Writes one line as it is.</summary>
    public void Line(string text = "") => Console.Out.WriteLine(text);

    /// <summary>Writes a line that begins a part of the work.</summary>
    public void Heading(string text)
    {
        Line();
        if (_isInteractive)
            _console.MarkupLineInterpolated($"[bold]{text}[/]");
        else
            Line($"== {text}");
    }

    /// <summary>Writes a table.</summary>
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

    /// <summary>Does some work, showing how far it is.</summary>
    /// <param name="work">The work, which adds a line for each thing that goes on, and tells it how far it is, from any thread.</param>
    /// <param name="toStandardError">Whether plain lines go to standard error instead of standard output.</param>
    public TResult Follow<TResult>(Func<IProgressBoard, TResult> work, bool toStandardError = false)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!_isInteractive)
            return work(new PlainProgressBoard(toStandardError ? Console.Error : Console.Out));
        var details = new ProgressDetailColumn();
        return _console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 30 },
                new PercentageColumn(),
                details)
            .Start(context => work(new LiveProgressBoard(context, details)));
    }
}
