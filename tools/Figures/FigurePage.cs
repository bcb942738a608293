namespace DeepLearn.Tools.Figures;

/// <summary>
/// A page with places for figures: from <c>&lt;!-- figure NAME --&gt;</c> to <c>&lt;!-- /figure --&gt;</c>, within a line or over several.
/// </summary>
internal static class FigurePage
{
    private const string End = "<!-- /figure -->";

    /// <summary>The names of a page's places, in order.</summary>
    public static IEnumerable<string> Places(string text)
    {
        const string Begin = "<!-- figure ";
        for (int at = text.IndexOf(Begin, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Begin, at + 1, StringComparison.Ordinal))
            yield return text[(at + Begin.Length)..text.IndexOf(" -->", at, StringComparison.Ordinal)];
    }

    /// <summary>The text with other content between the two marks.</summary>
    /// <exception cref="FigureException">There is no such place, or there are two.</exception>
    public static string Replace(string text, string name, string content, string page)
    {
        string begin = $"<!-- figure {name} -->";
        int from = text.IndexOf(begin, StringComparison.Ordinal);
        if (from < 0 || text.IndexOf(begin, from + 1, StringComparison.Ordinal) >= 0)
            throw new FigureException($"{page} must have one place '{begin}'; found {(from < 0 ? "none" : "two")}.");
        from += begin.Length;
        int to = text.IndexOf(End, from, StringComparison.Ordinal);
        if (to < 0)
            throw new FigureException($"{page} has '{begin}' without '{End}'.");
        return text[..from] + content + text[to..];
    }
}
