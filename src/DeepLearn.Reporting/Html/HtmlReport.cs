using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;

namespace DeepLearn.Reporting.Html;

/// <summary>
/// A page as one HTML file that needs nothing beside it: style and figures are in it, each figure in a light and a dark form, for wide and
/// for narrow screens. Not for several threads at once.
/// </summary>
/// <param name="title">The heading of the page.</param>
/// <example><code>
/// using DeepLearn.Reporting;
///
/// var page = new HtmlReport("Images");
/// page.Section("curves", "Learning curves").Figure(LearningCurves.Of(result.Curve, plan.Schedule));
/// page.Save("images.html");
/// </code></example>
public sealed class HtmlReport(string title)
{
    private readonly StringBuilder _head = new();
    private readonly List<HtmlSection> _sections = [];

    /// <summary>The text at the end of the page. Default empty: none.</summary>
    public string Footer { get; set => field = PropertyGuard.NotNull(value); } = "";

    /// <summary>After how long, in whole seconds, a browser loads the page again by itself, at least 1 s. Default null: never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public TimeSpan? ReloadAfter
    {
        get;
        set => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a time above 0.");
    }

    /// <summary>Adds a paragraph below the heading.</summary>
    /// <param name="text">Plain text.</param>
    /// <returns>This page.</returns>
    public HtmlReport Lead(string text)
    {
        _head.Append($"<p class=\"lead\">{HtmlText.Escape(text)}</p>\n");
        return this;
    }

    /// <summary>Adds a paragraph below the heading that stands out.</summary>
    /// <param name="text">Plain text.</param>
    /// <returns>This page.</returns>
    public HtmlReport Notice(string text)
    {
        _head.Append($"<p class=\"notice\" role=\"note\">{HtmlText.Escape(text)}</p>\n");
        return this;
    }

    /// <summary>Adds a section at the end, which is filled afterwards.</summary>
    /// <param name="id">Its name in links, without blanks.</param>
    /// <param name="heading">Its heading.</param>
    public HtmlSection Section(string id, string heading)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        var section = new HtmlSection(id, heading);
        _sections.Add(section);
        return section;
    }

    /// <summary>The whole page.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        if (ReloadAfter is { } pause)
            html.Append($"<meta http-equiv=\"refresh\" content=\"{Format.Text($"{Math.Max(1, Math.Ceiling(pause.TotalSeconds))}")}\">\n");
        html.Append($"<title>{HtmlText.Escape(title)}</title>\n<style>\n{HtmlText.Resource("report.css")}</style>\n</head>\n");
        html.Append("<body>\n<main>\n");
        html.Append($"<h1>{HtmlText.Escape(title)}</h1>\n").Append(_head);
        html.Append("<nav>").AppendJoin(' ', _sections.Select(section => section.Link)).Append("</nav>\n");
        foreach (HtmlSection section in _sections)
            section.AppendTo(html);
        if (Footer.Length > 0)
            html.Append($"<footer><p>{HtmlText.Escape(Footer)}</p></footer>\n");
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Saves the page, whole or not at all.</summary>
    /// <param name="path">The file; missing folders are made.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, Encoding.UTF8.GetBytes(ToHtml()));
    }
}
