using System.Text.Json;
using DeepLearn.Benchmarks.Ratios;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class RatioReportTests
{
    [Fact]
    public void TheJsonHasTheFieldsThatReadersCountOn()
    {
        using var json = JsonDocument.Parse(ReportJson.Serialize([Row("64x64x64", 1.2345678) with { RatioUpper = double.NaN }]));
        JsonElement row = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(
            ["shape", "type", "transposition", "threads", "peer", "ourGflops", "peerGflops", "ratio", "shareOfPeak"],
            row.EnumerateObject().Select(field => field.Name).Take(9));
        Assert.Equal("64x64x64", row.GetProperty("shape").GetString());
        Assert.Equal("NN", row.GetProperty("transposition").GetString());
        Assert.Equal(1, row.GetProperty("threads").GetInt32());
        Assert.Equal(1.2346, row.GetProperty("ratio").GetDouble());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("ratioUpper").ValueKind);
        Assert.False(row.TryGetProperty("hasTen", out _));
    }

    [Fact]
    public void TheSummaryNamesTheWorstRowAndJudgesIt()
    {
        var summary = new ProductSummary([Row("256x256x256", 1.1), Row("100x512x10", 0.9)], ProductRatio.OpenBlas);
        Figure least = Assert.Single(summary.Figures(), figure => figure.Name.Contains("least of all", StringComparison.Ordinal));
        Assert.Contains("100x512x10", least.Name, StringComparison.Ordinal);
        Assert.Equal((0.9, 0.95), (least.Value, least.Goal));
        Assert.Contains(Figure.Table([least]), line => line.Contains("not yet", StringComparison.Ordinal));
        Assert.Contains("1 of 2 rows: 100x512x10", summary.WherePeerIsAhead(), StringComparison.Ordinal);
    }

    [Fact]
    public void BesideAnotherPeerThereAreNoGoals()
    {
        var summary = new ProductSummary([Row("256x256x256", 0.5) with { Peer = "torch" }], "torch");
        Assert.All(summary.Figures().Where(figure => figure.Name.Contains("torch", StringComparison.Ordinal)), figure => Assert.Null(figure.Goal));
    }

    [Theory]
    [InlineData("100x512x10", true)]
    [InlineData("100x10x512", true)]
    [InlineData("10x100x512", false)]
    public void TenCountsAsNOrK(string shape, bool expected) => Assert.Equal(expected, Row(shape, 1).HasTen);

    [Theory]
    [InlineData("64x64x64", 64)]
    [InlineData("64x64x32", 0)]
    public void ASquareHasASize(string shape, int expected) => Assert.Equal(expected, Row(shape, 1).SquareSize);

    [Fact]
    public void ATableIsAlignedToTheEye()
    {
        var table = new MarkdownTable(("name", -6), ("value", 7));
        Assert.Equal("| name   |   value |\n| ------ | ------: |", table.Head);
        Assert.Equal("| a      |    1.50 |", table.Row("a", MarkdownTable.Ratio(1.5)));
    }

    [Theory]
    [InlineData(0.956, "0.96")]
    [InlineData(12.34, "12.3")]
    [InlineData(1234.5, "1234")]
    [InlineData(double.NaN, "-")]
    public void ARatioIsShort(double value, string expected) => Assert.Equal(expected, MarkdownTable.Ratio(value));

    [Fact]
    public void ASectionReplacesTheOneOfItsHeadingAndLeavesTheOthers()
    {
        string page = PageSections.Merge("", "## One\n\nold\n### Part\n");
        page = PageSections.Merge(page, "## Two\n\ntwo\n");
        page = PageSections.Merge(page, "## One\n\nnew\n");
        Assert.Equal("## One\n\nnew\n\n## Two\n\ntwo\n", page);
    }

    private static ProductRatio Row(string shape, double ratio) => new(shape, "float", "NN", 1, ProductRatio.OpenBlas, 100, 100 / ratio, ratio, 0.9)
    {
        RatioLower = ratio - 0.01,
        RatioUpper = ratio + 0.01,
        Group = "3072-512-10",
    };
}
