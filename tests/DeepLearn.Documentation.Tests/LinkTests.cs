using Xunit;

namespace DeepLearn.Documentation.Tests;

/// <summary>A link within the repository leads to a file that is there, and to a heading that it has.</summary>
public class LinkTests
{
    public static TheoryData<string> Pages => [.. Repository.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_links_lead_to_files_and_headings_that_are_there(string path)
    {
        var page = new Page(path);
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, path))!;
        var dead = new List<string>();
        foreach (string link in page.Links)
        {
            if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
                continue;
            string[] parts = link.Split('#', 2);
            string target = parts[0].Length == 0
                ? Path.Combine(Repository.Root, path)
                : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
            if (!Path.Exists(target))
                dead.Add(link);
            else if (parts.Length == 2 && target.EndsWith(".md", StringComparison.Ordinal)
                && !new Page(Path.GetRelativePath(Repository.Root, target)).Anchors.Contains(parts[1]))
                dead.Add($"{link} (no such heading)");
        }
        Assert.True(dead.Count == 0, $"{path}: {string.Join(", ", dead)}");
    }

    /// <summary>A page that neither the site's menu nor its first page names is found by nobody.</summary>
    /// <param name="place">The menu, or the first page.</param>
    [Theory]
    [InlineData("docs/toc.yml")]
    [InlineData("docs/index.md")]
    public void Page_of_the_site_is_named_by_its_menu_and_its_first_page(string place)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, place));
        string[] absent = [.. Repository.Pages
            .Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && page != "docs/index.md")
            .Where(page => !text.Contains(page["docs/".Length..], StringComparison.Ordinal))];
        Assert.Empty(absent);
    }
}
