using System.Text.RegularExpressions;
using DeepLearn.Tools.Figures;
using Xunit;

namespace DeepLearn.Documentation.Tests;

/// <summary>A figure on a page that tools/Figures makes has one place there, and a command that fills it.</summary>
public class FigurePlaceTests
{
    private static readonly string Sets = string.Join(
        '\n', Directory.EnumerateFiles(PathOf("tools/Figures/Sets")).Select(File.ReadAllText));

    public static TheoryData<string> Pages => [.. Repository.Pages.Where(page => PlacesOf(page).Any())];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_place_on_a_page_is_closed_and_filled_by_a_set(string page)
    {
        string text = File.ReadAllText(PathOf(page));
        foreach (string place in FigurePage.Places(text))
        {
            Assert.NotEqual(text, FigurePage.Replace(text, place, "something else", page));
            Assert.True(Sets.Contains($"\"{place}\"", StringComparison.Ordinal),
                $"{page} has a place '{place}', which nothing in tools/Figures/Sets fills.");
        }
    }

    [Fact]
    public void Every_place_that_a_set_fills_is_on_a_page()
    {
        MatchCollection filled = Regex.Matches(Sets, """\.Put(?:Output|Table)?\((?:"[^"]+"|Page), "([^"]+)",""");
        string[] places = [.. filled.Select(match => match.Groups[1].Value)];
        string[] onPages = [.. Repository.Pages.SelectMany(PlacesOf)];

        Assert.NotEmpty(places);
        Assert.Empty(places.Except(onPages));
    }

    /// <summary>A comment at the beginning of a line ends the paragraph there.</summary>
    /// <param name="page">The page.</param>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Place_within_a_sentence_does_not_begin_a_line(string page) =>
        Assert.DoesNotMatch(@"(?m)^<!-- figure [^>]*-->[^\r\n]", File.ReadAllText(PathOf(page)));

    [Fact]
    public void A_place_that_is_missing_or_there_twice_is_refused()
    {
        const string One = "a <!-- figure x -->1<!-- /figure --> b";

        Assert.Equal("a <!-- figure x -->2<!-- /figure --> b", FigurePage.Replace(One, "x", "2", "page"));
        Assert.Throws<FigureException>(() => FigurePage.Replace(One, "y", "2", "page"));
        Assert.Throws<FigureException>(() => FigurePage.Replace(One + One, "x", "2", "page"));
        Assert.Throws<FigureException>(() => FigurePage.Replace("<!-- figure x -->1", "x", "2", "page"));
    }

    private static string PathOf(string page) => Path.Combine(Repository.Root, page);

    private static IEnumerable<string> PlacesOf(string page) => FigurePage.Places(File.ReadAllText(PathOf(page)));
}
