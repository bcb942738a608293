using DeepLearn.Benchmarks.Ratios;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class RandomSummaryTests
{
    [Fact]
    public void RandomSummary_counts_what_is_behind_and_what_of_that_is_far_from_its_bound()
    {
        string[] lines = [.. RandomSummary.Lines([Row(1.5, 0.5), Row(0.9, 0.95), Row(0.9, 0.5), Row(0.7, 0.95), Row(0.7, 0.5)])];
        string[] cells = lines.Single(IsOfSeed).Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(["float", "1", "17", "5"], cells[1..5]);
        Assert.Equal(["4 (80 %)", "2 (40 %)", "2 (40 %)", "1 (20 %)"], cells[10..14]);
        Assert.Equal(2, lines.Count(line => line.StartsWith("| 3x4x5 ", StringComparison.Ordinal)));
        string family = lines.Single(line => line.StartsWith("| all others ", StringComparison.Ordinal));
        Assert.Contains("multiplying (4)", family, StringComparison.Ordinal);
    }

    [Fact]
    public void RandomSummary_spread_that_reaches_the_limit_is_not_behind()
    {
        string line = RandomSummary.Lines([Row(0.9, 0.5) with { RatioUpper = 0.96 }]).Single(IsOfSeed);
        Assert.Contains("0 (0 %)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void RandomSummary_without_a_product_behind_says_so() =>
        Assert.Contains(RandomSummary.Lines([Row(1.1, 0.5)]), line => line.StartsWith("No product", StringComparison.Ordinal));

    private static bool IsOfSeed(string line) => line.Contains(" 17 ", StringComparison.Ordinal);

    private static ProductRatio Row(double ratio, double shareOfBound) =>
        new("3x4x5", "float", "NN", 1, ProductRatio.OpenBlas, 100, 100 / ratio, ratio, 0.9)
        {
            RatioLower = ratio - 0.01,
            RatioUpper = ratio + 0.01,
            Seed = 17,
            Family = "all others",
            ShareOfBound = shareOfBound,
            Bound = "multiplying",
        };
}
