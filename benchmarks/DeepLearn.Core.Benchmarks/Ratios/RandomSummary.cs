using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>
/// The output of <c>ratios random</c>: the distribution of the ratios, the families of products that are too slow and what bounds them, and
/// every product that is too slow and could be faster.
/// </summary>
internal static class RandomSummary
{
    /// <summary>A product with a lower ratio is too slow.</summary>
    public const double Short = 0.95;

    /// <summary>A product with a lower ratio is far too slow.</summary>
    public const double FarShort = 0.8;

    /// <summary>A product that is as near to its bound cannot become much faster.</summary>
    public const double NearBound = 0.9;

    private static string Limit => MarkdownTable.Ratio(Short);

    private static string Bound => MarkdownTable.Number(NearBound, 1);

    /// <summary>The lines of the page.</summary>
    /// <param name="rows">The ratios, with bounds.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<ProductRatio> rows) =>
        [.. Distribution(rows), .. Families(rows), .. Behind(rows)];

    private static IEnumerable<string> Distribution(IReadOnlyList<ProductRatio> rows)
    {
        var table = new MarkdownTable(
            ("type", -6), ("threads", 1), ("seed", 5), ("products", 1), ("geometric mean", 1), ("least", 5), ("5 %", 5), ("10 %", 5),
            ("median", 5), ($"below {Limit} beyond their spread", 1), ($"... and below {Bound} of their bound", 1),
            ($"below {MarkdownTable.Ratio(FarShort)}", 1), ($"... and below {Bound} of their bound", 1));
        yield return "";
        yield return table.Head;
        foreach (var group in rows.GroupBy(row => (row.Type, row.Threads, row.Seed)))
        {
            double[] ratios = [.. group.Select(row => row.Ratio)];
            string OfAll(Func<ProductRatio, bool> counts) =>
                $"{group.Count(counts)} ({MarkdownTable.Percent((double)group.Count(counts) / ratios.Length)})";
            string[] quantiles = [.. new[] { 0, 0.05, 0.1, 0.5 }.Select(q => MarkdownTable.Ratio(Statistics.Quantile(ratios, q)))];
            yield return table.Row(
            [
                group.Key.Type, $"{group.Key.Threads}", $"{group.Key.Seed}", $"{ratios.Length}",
                MarkdownTable.Ratio(Statistics.GeometricMean(ratios)), .. quantiles,
                OfAll(IsShort), OfAll(row => IsShort(row) && !IsNearBound(row)),
                OfAll(row => row.Ratio < FarShort), OfAll(row => row.Ratio < FarShort && !IsNearBound(row)),
            ]);
        }
    }

    private static IEnumerable<string> Families(IReadOnlyList<ProductRatio> rows)
    {
        foreach (var group in rows.GroupBy(row => (row.Type, row.Threads)))
        {
            var table = new MarkdownTable(
                ("family", -20), ("products", 1), ($"below {Limit}", 1), ("their ratio", 1), ("of their bound", 1),
                ($"at {Bound} of it", 1), ("what bounds them", -50), ("the worst", -34));
            yield return "";
            yield return $"Families of {group.Key.Type} on {group.Key.Threads} {(group.Key.Threads == 1 ? "thread" : "threads")}, "
                + "with the medians of the products that are behind beyond their spread:";
            yield return "";
            yield return table.Head;
            foreach (var family in group.GroupBy(row => row.Family).OrderByDescending(family => family.Count(IsShort)))
            {
                ProductRatio[] behind = [.. family.Where(IsShort).OrderBy(row => row.Ratio)];
                string causes = string.Join(", ", behind.CountBy(row => row.Bound).OrderByDescending(pair => pair.Value).Take(2)
                    .Select(pair => $"{pair.Key} ({pair.Value})"));
                yield return table.Row(
                    family.Key, $"{family.Count()}", $"{behind.Length}",
                    MarkdownTable.Ratio(Statistics.Median(behind.Select(row => row.Ratio))),
                    MarkdownTable.Ratio(Statistics.Median(behind.Select(row => row.ShareOfBound))), $"{behind.Count(IsNearBound)}", causes,
                    behind is [var worst, ..]
                        ? $"{worst.Shape} {worst.Transposition}, {worst.Role}: {MarkdownTable.Ratio(worst.Ratio)}" : "");
            }
        }
    }

    private static IEnumerable<string> Behind(IReadOnlyList<ProductRatio> rows)
    {
        ProductRatio[] behind = [.. rows.Where(row => row.Ratio < Short && !IsNearBound(row)).OrderBy(row => row.Ratio)];
        yield return "";
        yield return behind.Length == 0
            ? $"No product is below {Limit} and below {Bound} of its bound."
            : $"<details><summary>The {behind.Length} products below {Limit} that are below {Bound} of their bound.</summary>";
        if (behind.Length == 0)
            yield break;
        var table = new MarkdownTable(
            ("M x K x N", -14), ("", -2), ("end", -13), ("type", -6), ("threads", 1), ("ours GFLOP/s", 1), ("ours / openblas", 1),
            ("quartiles", 11), ("of its bound", 1), ("what bounds it", -24));
        yield return "";
        yield return table.Head;
        foreach (ProductRatio row in behind)
        {
            yield return table.Row(
                row.Shape, row.Transposition, row.Role, row.Type, $"{row.Threads}", MarkdownTable.Number(row.OurGflops, 1),
                MarkdownTable.Ratio(row.Ratio), $"{MarkdownTable.Ratio(row.RatioLower)}-{MarkdownTable.Ratio(row.RatioUpper)}",
                MarkdownTable.Ratio(row.ShareOfBound), row.Bound);
        }
        yield return "";
        yield return "</details>";
    }

    /// <summary>Whether a product is too slow by more than the spread of its rounds.</summary>
    private static bool IsShort(ProductRatio row) => row.RatioUpper < Short;

    private static bool IsNearBound(ProductRatio row) => row.ShareOfBound >= NearBound;
}
