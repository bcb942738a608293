using System.Text;
using DeepLearn.Samples.Reporting.Figures;
using DeepLearn.Samples.Reporting.Tables;

namespace DeepLearn.Samples.Reporting.Html;

/// <summary>
/// A report as one HTML file that needs nothing beside it: style and figures are in it, figures twice, for light and for dark.
/// </summary>
/// <param name="title">What stands at its head.</param>
public sealed class HtmlReport(string title)
{
    private readonly StringBuilder _head = new();
    private readonly List<HtmlSection> _sections = [];

    /// <summary>Adds a paragraph below the title.</summary>
    public void Lead(string text) => _head.Append($"<p class=\"lead\">{HtmlText.Escape(text)}</p>\n");

    /// <summary>Adds a paragraph below the title that must not be overlooked.</summary>
    public void Notice(string text) => _head.Append($"<p class=\"notice\" role=\"note\">{HtmlText.Escape(text)}</p>\n");

    /// <summary>Adds a section.</summary>
    /// <param name="id">Its name in links.</param>
    /// <param name="heading">Its heading.</param>
    public HtmlSection Section(string id, string heading)
    {
        var section = new HtmlSection(id, heading);
        _sections.Add(section);
        return section;
    }

    /// <summary>The whole file.</summary>
    /// <param name="footer">What stands at its foot.</param>
    public string ToHtml(string footer)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append($"<title>{HtmlText.Escape(title)}</title>\n<style>\n{HtmlText.Resource("report.css")}</style>\n</head>\n");
        html.Append("<body>\n<main>\n");
        html.Append($"<h1>{HtmlText.Escape(title)}</h1>\n").Append(_head);
        html.Append("<nav>").AppendJoin(' ', _sections.Select(section => section.Link)).Append("</nav>\n");
        foreach (HtmlSection section in _sections)
            section.AppendTo(html);
        html.Append($"<footer><p>{HtmlText.Escape(footer)}</p></footer>\n</main>\n</body>\n</html>\n");
        return html.ToString();
    }
}
