using System.Text.RegularExpressions;
using Xunit;

namespace DeepLearn.Documentation.Tests;

/// <summary>
/// A link within the repository leads to a file that is there, and to a heading that it has; so does the name of a test or a path.
/// </summary>
public partial class LinkTests
{
    private static readonly HashSet<string> TestFiles =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(Repository.Root, path), null).Replace('\\', '/')),
    ];

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

    /// <summary>
    /// Names of tests, such as <c>Layers/LayerErrorTests</c>, and paths, such as <c>tools/Soak</c>. Past versions and measurements may name
    /// what is gone.
    /// </summary>
    /// <param name="path">The page.</param>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_names_tests_and_paths_that_are_there(string path)
    {
        if (path == "CHANGELOG.md" || path.StartsWith("benchmarks/results/", StringComparison.Ordinal))
            return;
        string[] codes = [.. new Page(path).Codes.Distinct()];
        IEnumerable<string> tests = codes.Where(code => TestName().IsMatch(code))
            .Where(code => !TestFiles.Any(test => test.EndsWith($"/{code}", StringComparison.Ordinal)));
        IEnumerable<string> paths = codes.Where(code => PathName().IsMatch(code) && !Path.Exists(Path.Combine(Repository.Root, code)));

        Assert.Empty(tests.Concat(paths));
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

    [GeneratedRegex("^([A-Za-z]+/)*[A-Z][A-Za-z]*Tests$")]
    private static partial Regex TestName();

    [GeneratedRegex("^(src|tests|tools|samples|docs|benchmarks|[.]ci)(/[A-Za-z_.0-9-]+)+/?$")]
    private static partial Regex PathName();
}
