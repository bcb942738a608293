using DeepLearn.Benchmarks.Ratios;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class RandomSummaryTests
{
    [Fact]
    public void RandomSummary_counts_what_is_behind_and_what_of_that_is_far_from_its_bound()
    {
        string[] lines = Lines(Fastest, Row(0.9, 0.95), Row(0.9, 0.5), Row(0.7, 0.95), Row(0.7, 0.5));
        string[] cells = lines.Single(IsOfSeed).Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(["float", "1", "17", "5"], cells[1..5]);
        Assert.Equal(["4 (80 %)", "2 (40 %)", "2 (40 %)", "1 (20 %)"], cells[10..14]);
        Assert.Contains(
            "- float on 1, all others: 300x400x500 NN 0.70 (0.95); 300x400x500 NN 0.70 (0.50); 300x400x500 NN 0.90 (0.95); "
                + "300x400x500 NN 0.90 (0.50)",
            lines);
        string family = lines.Single(line => line.StartsWith("| all others ", StringComparison.Ordinal));
        Assert.Contains("multiplying (4)", family, StringComparison.Ordinal);
    }

    [Fact]
    public void RandomSummary_spread_that_reaches_the_limit_is_not_behind()
    {
        string line = Lines(Fastest, Row(0.9, 0.5) with { RatioUpper = 0.96 }).Single(IsOfSeed);
        Assert.Contains("0 (0 %)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void RandomSummary_without_a_product_behind_says_so() =>
        Assert.Contains(Lines(Fastest, Row(1.1, 0.5)), line => line.StartsWith("No product", StringComparison.Ordinal));

    [Fact]
    public void RandomSummary_call_is_what_the_fastest_product_took_and_bounds_the_short_ones()
    {
        ProductRatio tiny = Fastest with { Shape = "1x1x2", OurGflops = 4 / 21.0, Ratio = 0.5, RatioUpper = 0.5 };
        string[] lines = Lines(Fastest, tiny);
        Assert.Contains(lines, line => line.StartsWith("- A call takes at most 20 ns,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("the call (1)", StringComparison.Ordinal));
        Assert.Contains("1 (50 %) |", lines.Single(IsOfSeed), StringComparison.Ordinal);
        Assert.EndsWith(" 0 (0 %) |", lines.Single(IsOfSeed), StringComparison.Ordinal);
    }

    // Two operations in 20 ns, which is then the time of a call.
    private static ProductRatio Fastest => Row(1.5, 0) with { Shape = "1x1x1", OurGflops = 2 / 20.0, BoundNanoseconds = 1 };

    private static string[] Lines(params ProductRatio[] rows) => [.. new RandomSummary(rows).Lines()];

    private static bool IsOfSeed(string line) => line.Contains(" 17 ", StringComparison.Ordinal);

    private static ProductRatio Row(double ratio, double shareOfBound) =>
        new("300x400x500", "float", "NN", 1, ProductRatio.OpenBlas, 100, 100 / ratio, ratio, 0.9)
        {
            RatioLower = ratio - 0.01,
            RatioUpper = ratio + 0.01,
            Seed = 17,
            Family = "all others",
            BoundNanoseconds = (shareOfBound * 1.2e6) - 20,
            Bound = "multiplying",
        };
}
