using System.CommandLine;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The options that name the files of a report.</summary>
internal sealed class ReportFiles
{
    private readonly Option<FileInfo?> _json = new("--json") { Description = "Writes the rows to this file as JSON." };

    private readonly Option<FileInfo?> _markdown = new("--markdown")
    {
        Description = "Writes the report to this file; a section of the same heading in it is replaced, others stay.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_json);
        command.Add(_markdown);
    }

    /// <summary>Writes the files that were asked for.</summary>
    public void Save<TRow>(ParseResult result, ReportPage page, IReadOnlyList<TRow> rows)
    {
        if (result.GetValue(_json) is { } json)
            ReportJson.Write(json, rows);
        if (result.GetValue(_markdown) is { } markdown)
            page.Save(markdown);
    }
}
