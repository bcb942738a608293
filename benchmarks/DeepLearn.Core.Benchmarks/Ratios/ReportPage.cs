using System.Diagnostics;
using System.Globalization;
using System.Text;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Writes a report to the terminal and collects it, so that the same text can become a page of results.</summary>
internal sealed class ReportPage(TextWriter terminal)
{
    private readonly StringBuilder _text = new();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Adds lines to the terminal and the page.</summary>
    public void Line(string text = "")
    {
        terminal.WriteLine(text);
        terminal.Flush();
        _text.Append(text).Append('\n');
    }

    /// <summary>Adds the description of the measurement: processor, runtime, date, command line, measured peak.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="command">The command line.</param>
    /// <param name="peers">The peers with their descriptions.</param>
    public void Head(string title, string command, IEnumerable<(string Name, string Description)> peers)
    {
        Line($"## {title}");
        Line();
        Line($"- Processor: {Machine.Processor}, {Machine.Threads} threads; {Machine.InstructionSets}");
        Line($"- Runtime: {Machine.Runtime}");
        Line(string.Create(CultureInfo.InvariantCulture, $"- Date: {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC"));
        Line($"- Command: `{command}`");
        if (Machine.Settings.Length > 0)
            Line($"- Environment: `{Machine.Settings}`");
        Line($"- FMA peak of one core at the start, in GFLOP/s: float {Peak(FmaPeak.Float)}, double {Peak(FmaPeak.Double)}");
        foreach ((string name, string description) in peers)
            Line($"- {name}: {description}");
    }

    /// <summary>Adds the summary of the run.</summary>
    public void Summary(string heading, IReadOnlyList<Figure> figures)
    {
        Line();
        Line($"### {heading}");
        Line();
        foreach (string line in Figure.Table(figures))
            Line(line);
        Line();
    }

    /// <summary>Adds how long the run took.</summary>
    public void Duration() =>
        Line($"The run took {MarkdownTable.Number(Stopwatch.GetElapsedTime(_start).TotalMinutes, 1)} minutes.");

    /// <summary>Writes the page. In a file that exists, this section is replaced or appended.</summary>
    public void Save(FileInfo file) =>
        ReportJson.WriteWhole(file, PageSections.Merge(file.Exists ? File.ReadAllText(file.FullName) : NewPage, _text.ToString()));

    /// <summary>The command line as a user would type it, with file names instead of full paths.</summary>
    public static string Command(string project, IEnumerable<string> arguments) =>
        $"dotnet run -c Release --project {project} -- "
        + string.Join(' ', arguments.Select(argument => Path.IsPathRooted(argument) ? Path.GetFileName(argument) : argument).Select(Quote));

    private static string NewPage => $"# {Machine.Processor}\n\n[How to read this page](../README.md).\n";

    private static string Peak(FmaPeak peak) => $"{MarkdownTable.Number(peak.MeasureBest(), 1)} (vectors of {peak.Widths} bits)";

    private static string Quote(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;
}
