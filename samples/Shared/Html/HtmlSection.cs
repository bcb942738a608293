using System.Text;
using DeepLearn.Samples.Reporting.Figures;
using DeepLearn.Samples.Reporting.Tables;

namespace DeepLearn.Samples.Reporting.Html;

/// <summary>A part of a report: paragraphs, numbers, tables and figures in the order in which they are added.</summary>
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
    public HtmlSection Paragraph(string text) => Append($"<p>{HtmlText.Escape(text)}</p>\n");

    /// <summary>Adds a few large numbers with what they are.</summary>
    public HtmlSection Numbers(params ReadOnlySpan<(string Name, string Value)> numbers)
    {
        _body.Append("<div class=\"numbers\">");
        foreach ((string name, string value) in numbers)
            _body.Append($"<div><b>{HtmlText.Escape(value)}</b><span>{HtmlText.Escape(name)}</span></div>");
        return Append("</div>\n");
    }

    /// <summary>Adds tables, side by side where there is room.</summary>
    public HtmlSection Tables(params ReadOnlySpan<ReportTable> tables)
    {
        _body.Append(tables.Length > 1 ? "<div class=\"tables\">\n" : "");
        foreach (ReportTable table in tables)
            AppendTable(table);
        return Append(tables.Length > 1 ? "</div>\n" : "");
    }

    /// <summary>Adds a figure.</summary>
    public HtmlSection Figure(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        string width = figure.Columns switch { 1 => "one", 2 => "two", _ => "three" };
        _body.Append($"<figure>\n<div class=\"panels {width}\">\n");
        foreach (Panel panel in figure.Panels)
        {
            AppendImage(panel, isDark: false);
            AppendImage(panel, isDark: true);
        }
        return Append($"</div>\n<figcaption>{HtmlText.Escape(figure.Caption)}</figcaption>\n</figure>\n");
    }

    /// <summary>Adds a line of fixed-width text under a name: a checksum, a command.</summary>
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

    private void AppendImage(Panel panel, bool isDark)
    {
        string svg = Convert.ToBase64String(Encoding.UTF8.GetBytes(FigureRenderer.PanelSvg(panel, isDark)));
        string hidden = isDark ? " aria-hidden=\"true\" alt=\"\"" : $" alt=\"{HtmlText.Escape(panel.Description)}\"";
        _body.Append($"<img class=\"{(isDark ? "dark" : "light")}\"{hidden} src=\"data:image/svg+xml;base64,{svg}\">\n");
    }

    private static string Alignment(ReportColumn column) => column.IsNumeric ? " class=\"n\"" : "";
}
