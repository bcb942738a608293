using System.Text.Json;
using DeepLearn.Benchmarks.Experiments;
using DeepLearn.Benchmarks.Ratios;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class RatioReportTests
{
    [Fact]
    public void ReportJson_of_products_has_its_fields()
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
    public void ReportJson_of_steps_has_its_fields()
    {
        JsonElement row = JsonOf(Step("3072-50-10", threads: 2) with { RatioLower = 0.7, RatioUpper = 0.9, Rounds = 25 });
        Assert.Equal(
            [
                "network", "batch", "type", "threads", "peer", "ourMicroseconds", "peerMicroseconds", "ratio", "ratioToBound", "ratioLower",
                "ratioUpper", "rounds", "peakGflops", "allocatedBytes",
            ],
            FieldsOf(row));
        Assert.Equal("3072-50-10", row.GetProperty("network").GetString());
        Assert.Equal(2, row.GetProperty("threads").GetInt32());
        Assert.Equal("fma-bound", row.GetProperty("peer").GetString());
        Assert.Equal(1.25, row.GetProperty("ratioToBound").GetDouble());
        Assert.Equal(25, row.GetProperty("rounds").GetInt32());
    }

    [Fact]
    public void ReportJson_of_costs_has_its_fields()
    {
        var cost = new StepCost(
            "3072-50-10", 100, "float", 154160, 62.9e6, 313200, new(99, 100, 102))
        { Overhead = new(-1, 2, 3), Rounds = 15 };
        JsonElement row = JsonOf(cost);
        Assert.Equal(
            [
                "network", "batch", "type", "parameters", "flops", "activations", "step", "bound", "products", "update", "loss", "overhead",
                "dataPath", "l2", "momentum", "adam", "rounds", "peakGflops",
            ],
            FieldsOf(row));
        Assert.Equal(["lower", "median", "upper"], FieldsOf(row.GetProperty("overhead")));
        Assert.Equal(-1, row.GetProperty("overhead").GetProperty("lower").GetDouble());
        Assert.Equal(100, row.GetProperty("step").GetProperty("median").GetDouble());
        Assert.Equal(15, row.GetProperty("rounds").GetInt32());
    }

    [Fact]
    public void ReportJson_of_the_experiment_has_its_fields_and_is_read_back()
    {
        var experiment = new ExperimentRow(2, 0, 5880, 1.5, 3920, 4000, 0.98)
        {
            ShareLower = 0.97,
            ShareUpper = 0.99,
            Rounds = 3,
            DataBytes = 100,
            ParameterBytes = 20,
            OptimizerBytes = 3,
            BufferBytes = 4,
            TestBytes = 50,
            HeapBytes = 180,
            PeakWorkingSetBytes = 12_345_678_901,
        };
        JsonElement row = JsonOf(experiment);
        Assert.Equal(
            [
                "threads", "prefetch", "steps", "seconds", "stepsPerSecond", "bareStepsPerSecond", "shareOfBareStep", "shareLower",
                "shareUpper",
                "rounds",
            ],
            FieldsOf(row).Take(10));
        Assert.Equal(177, row.GetProperty("statedBytes").GetInt64());
        Assert.Equal(12_345_678_901, row.GetProperty("peakWorkingSetBytes").GetInt64());
        Assert.Equal(experiment, Assert.Single(ReportJson.Read<ExperimentRow>(ReportJson.Serialize([experiment]))));
    }

    [Fact]
    public void StepSummary_of_several_threads_has_a_bound_without_a_goal()
    {
        IReadOnlyList<Figure> figures = StepSummary.Figures([Step("3072-50-10", threads: 1), Step("3072-50-10", threads: 2)], []);
        Figure[] bounds = [.. figures.Where(figure => figure.Name.EndsWith("time / FMA bound", StringComparison.Ordinal))];
        Assert.Equal([1.25, null], bounds.Select(figure => figure.Goal));
        Assert.Equal([1.25, 1.25], bounds.Select(figure => figure.Value));
        Assert.Contains("1 thread:", bounds[0].Name, StringComparison.Ordinal);
        Assert.Contains("2 threads:", bounds[1].Name, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstStepTimes_early_steps_exclude_the_first() =>
        Assert.Equal(1.5, new FirstStepTimes(100, [60_000, 280, 300, 320], 200).EarlyOverSteady);

    [Fact]
    public void ProductSummary_names_the_worst_row_and_judges_it()
    {
        var summary = new ProductSummary([Row("256x256x256", 1.1), Row("100x512x10", 0.9)], ProductRatio.OpenBlas);
        Figure least = Assert.Single(summary.Figures(), figure => figure.Name.Contains("least of all", StringComparison.Ordinal));
        Assert.Contains("100x512x10", least.Name, StringComparison.Ordinal);
        Assert.Equal((0.9, 0.95), (least.Value, least.Goal));
        Assert.Contains(Figure.Table([least]), line => line.Contains("not yet", StringComparison.Ordinal));
        Assert.Contains("1 of 2 rows: 100x512x10", summary.WherePeerIsAhead(), StringComparison.Ordinal);
    }

    [Fact]
    public void ProductSummary_beside_another_peer_has_no_goals()
    {
        var summary = new ProductSummary([Row("256x256x256", 0.5) with { Peer = "torch" }], "torch");
        Assert.All(
            summary.Figures().Where(figure => figure.Name.Contains("torch", StringComparison.Ordinal)), figure => Assert.Null(figure.Goal));
    }

    [Theory]
    [InlineData("100x512x10", true)]
    [InlineData("100x10x512", true)]
    [InlineData("10x100x512", false)]
    public void ProductRatio_HasTen_counts_n_or_k(string shape, bool expected) => Assert.Equal(expected, Row(shape, 1).HasTen);

    [Theory]
    [InlineData("64x64x64", 64)]
    [InlineData("64x64x32", 0)]
    public void ProductRatio_SquareSize_is_that_of_squares_alone(string shape, int expected) =>
        Assert.Equal(expected, Row(shape, 1).SquareSize);

    [Fact]
    public void MarkdownTable_columns_are_aligned()
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
    public void MarkdownTable_Ratio_is_short(double value, string expected) => Assert.Equal(expected, MarkdownTable.Ratio(value));

    [Fact]
    public void PageSections_section_replaces_the_one_of_its_heading_and_leaves_others()
    {
        string page = PageSections.Merge("", "## One\n\nold\n### Part\n");
        page = PageSections.Merge(page, "## Two\n\ntwo\n");
        page = PageSections.Merge(page, "## One\n\nnew\n");
        Assert.Equal("## One\n\nnew\n\n## Two\n\ntwo\n", page);
    }

    private static JsonElement JsonOf<TRow>(TRow row) =>
        Assert.Single(JsonElement.Parse(ReportJson.Serialize([row])).EnumerateArray());

    private static IEnumerable<string> FieldsOf(JsonElement element) => element.EnumerateObject().Select(field => field.Name);

    private static StepRatio Step(string network, int threads) => new(network, 100, "float", threads, StepRatio.Bound, 250, 200, 0.8, 1.25);

    private static ProductRatio Row(string shape, double ratio) =>
        new(shape, "float", "NN", 1, ProductRatio.OpenBlas, 100, 100 / ratio, ratio, 0.9)
        {
            RatioLower = ratio - 0.01,
            RatioUpper = ratio + 0.01,
            Group = "3072-512-10",
        };
}
