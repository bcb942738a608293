using DeepLearn.Benchmarks.Ratios;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class KernelSummaryTests
{
    [Fact]
    public void KernelSummary_names_ratios_below_one_worst_first()
    {
        KernelRatio[] rows =
        [
            Row("exp", "Exp", 1000, 1.5), Row("log", "Log", 1000, 0.9), Row("sum", "Sum", 1000, 0.5),
            Row("gelu", KernelRatio.Memory, 1000, 0.1), Row("adam", KernelRatio.Memory, 8_000_000, 0.8),
        ];
        var summary = new KernelSummary(rows, 8_000_000);
        Assert.Equal(
            [
                "Slower than TensorPrimitives, beyond the spread (upper quartile below 1): 2 of 3 rows: sum float 1x1 0.50; log float 1x1 "
                + "0.90.",
                "Below memory speed, data in memory, beyond the spread (upper quartile below 1): 1 of 1 rows: adam float 1x1 0.80.",
            ],
            summary.WhatIsBelowOne());
        Assert.Contains(summary.Figures(), figure => figure.Name.EndsWith("least: sum", StringComparison.Ordinal) && figure.Value == 0.5);
        Assert.Contains(summary.Figures(), figure => figure.Name.Contains("least: adam", StringComparison.Ordinal));
    }

    [Fact]
    public void KernelSummary_row_within_its_spread_is_not_below_one()
    {
        var summary = new KernelSummary([Row("exp", "Exp", 1000, 0.99) with { RatioUpper = 1.01 }], 8_000_000);
        Assert.EndsWith("0 of 1 rows.", summary.WhatIsBelowOne().First());
    }

    private static KernelRatio Row(string kernel, string peer, int elements, double ratio) =>
        new(kernel, "float", elements, "1x1", peer, 1, 1, ratio) { RatioLower = ratio, RatioUpper = ratio };
}
