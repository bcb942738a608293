namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The sections of a page of results. Each kind of measurement has one, written by a run of its own.</summary>
internal static class PageSections
{
    private const string Mark = "## ";

    /// <summary>The page with a section added: in place of the section with the same heading, or at the end.</summary>
    /// <param name="page">The page so far; empty for a new one.</param>
    /// <param name="section">The section, from its heading on.</param>
    public static string Merge(string page, string section)
    {
        List<string> sections = Split(page);
        string heading = section.Split('\n')[0];
        int index = sections.FindIndex(other => other.Split('\n')[0] == heading);
        string text = section.TrimEnd('\n') + "\n";
        if (index >= 0)
            sections[index] = text;
        else
            sections.Add(text);
        return string.Join('\n', sections.Select(part => part.TrimEnd('\n') + "\n"));
    }

    private static List<string> Split(string page)
    {
        List<string> sections = [];
        foreach (string line in page.Split('\n'))
        {
            if (sections.Count == 0 || line.StartsWith(Mark, StringComparison.Ordinal))
                sections.Add(line + "\n");
            else
                sections[^1] += line + "\n";
        }
        if (sections is [var only] && only.Trim().Length == 0)
            sections.Clear();
        return sections;
    }
}
