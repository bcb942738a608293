using System.Text;
using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;

namespace DeepLearn.Reporting.Html;

/// <summary>
/// A section of an <see cref="HtmlReport"/>: paragraphs, numbers, tables and figures in the order in which they are added.
/// </summary>
public sealed class HtmlSection
{
    private readonly string _id;
    private readonly string _heading;
    private readonly StringBuilder _body = new();

    internal HtmlSection(string id, string heading)
    {
        _id = id;
        _heading = heading;
    }

    internal string Link => $"<a href=\"#{_id}\">{HtmlText.Escape(_heading)}</a>";

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">Plain text.</param>
    /// <returns>This section.</returns>
    public HtmlSection Paragraph(string text) => Append($"<p>{HtmlText.Escape(text)}</p>\n");

    /// <summary>Adds a few large numbers, each with its name.</summary>
    /// <param name="numbers">The names and the numbers as text.</param>
    /// <returns>This section.</returns>
    public HtmlSection Numbers(params ReadOnlySpan<(string Name, string Value)> numbers)
    {
        _body.Append("<div class=\"numbers\">");
        foreach ((string name, string value) in numbers)
            _body.Append($"<div><b>{HtmlText.Escape(value)}</b><span>{HtmlText.Escape(name)}</span></div>");
        return Append("</div>\n");
    }

    /// <summary>Adds tables, side by side where there is room.</summary>
    /// <param name="tables">The tables.</param>
    /// <returns>This section.</returns>
    public HtmlSection Tables(params ReadOnlySpan<ReportTable> tables)
    {
        _body.Append(tables.Length > 1 ? "<div class=\"tables\">\n" : "");
        foreach (ReportTable table in tables)
            AppendTable(table);
        return Append(tables.Length > 1 ? "</div>\n" : "");
    }

    /// <summary>Adds a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>This section.</returns>
    public HtmlSection Figure(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        string width = figure.PanelWidth < 300 ? "small" : figure.Columns switch
        {
            1 => figure.PanelWidth > 600 ? "wide" : "one",
            2 => "two",
            _ => "three",
        };
        _body.Append($"<figure>\n<div class=\"panels {width}\">\n");
        for (int panel = 0; panel < figure.Panels.Count; panel++)
        {
            AppendImage(figure, panel, isDark: false);
            AppendImage(figure, panel, isDark: true);
        }
        return Append($"</div>\n<figcaption>{HtmlText.Escape(figure.Caption)}</figcaption>\n</figure>\n");
    }

    /// <summary>Adds a line of fixed-width text after a name, such as a checksum or a command.</summary>
    /// <param name="name">The name.</param>
    /// <param name="text">Plain text.</param>
    /// <returns>This section.</returns>
    public HtmlSection Code(string name, string text) => Append($"<p>{HtmlText.Escape(name)} <code>{HtmlText.Escape(text)}</code></p>\n");

    internal void AppendTo(StringBuilder html) =>
        html.Append($"<section id=\"{_id}\">\n<h2>{HtmlText.Escape(_heading)}</h2>\n").Append(_body).Append("</section>\n");

    private HtmlSection Append(string html)
    {
        _body.Append(html);
        return this;
    }

    private void AppendTable(ReportTable table)
    {
        _body.Append($"<div class=\"scroll\"><table><caption>{HtmlText.Escape(table.Caption)}</caption>\n<tr>");
        foreach (ReportColumn column in table.Columns)
            _body.Append($"<th scope=\"col\"{Alignment(column)}>{HtmlText.Escape(column.Name)}</th>");
        _body.Append("</tr>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            _body.Append("<tr>");
            for (int i = 0; i < row.Count; i++)
                _body.Append($"<td{Alignment(table.Columns[i])}>{HtmlText.Escape(row[i])}</td>");
            _body.Append("</tr>\n");
        }
        _body.Append("</table></div>\n");
    }

    private void AppendImage(Figure figure, int panel, bool isDark)
    {
        string svg = Convert.ToBase64String(Encoding.UTF8.GetBytes(FigureRenderer.PanelSvg(figure, panel, isDark)));
        string hidden = isDark ? " aria-hidden=\"true\" alt=\"\"" : $" alt=\"{HtmlText.Escape(figure.Panels[panel].Description)}\"";
        _body.Append($"<img class=\"{(isDark ? "dark" : "light")}\"{hidden} src=\"data:image/svg+xml;base64,{svg}\">\n");
    }

    private static string Alignment(ReportColumn column) => column.IsNumeric ? " class=\"n\"" : "";
}
