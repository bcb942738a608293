using System.Globalization;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The output of <c>ratios random</c>: the distribution of the ratios, and every product that is too slow.</summary>
internal static class RandomSummary
{
    /// <summary>A product with a lower ratio is too slow.</summary>
    public const double Short = 0.95;

    /// <summary>The lines of the page.</summary>
    /// <param name="rows">The ratios.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<ProductRatio> rows)
    {
        yield return "";
        yield return "| type | threads | products | geometric mean | least | 5 % | 10 % | 25 % | median "
            + $"| below {Number(Short)} | ... beyond their spread |";
        yield return "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";
        foreach (IGrouping<(string Type, int Threads), ProductRatio> group in rows.GroupBy(row => (row.Type, row.Threads)))
        {
            double[] ratios = [.. group.Select(row => row.Ratio)];
            string quantiles = string.Join(" | ", new[] { 0, 0.05, 0.1, 0.25, 0.5 }.Select(q => Number(Statistics.Quantile(ratios, q))));
            yield return $"| {group.Key.Type} | {group.Key.Threads} | {ratios.Length} "
                + $"| {Number(Statistics.GeometricMean(ratios))} | {quantiles} "
                + $"| {ratios.Count(ratio => ratio < Short)} | {group.Count(IsShort)} |";
        }
        yield return "";
        ProductRatio[] behind = [.. rows.Where(row => row.Ratio < Short).OrderBy(row => row.Ratio)];
        if (behind.Length == 0)
        {
            yield return $"No product is below {Number(Short)}.";
            yield break;
        }
        yield return "| M x K x N | | end | type | threads | ours GFLOP/s | of peak | ours / openblas | quartiles |";
        yield return "| --- | --- | --- | --- | ---: | ---: | ---: | ---: | --- |";
        foreach (ProductRatio row in behind)
        {
            yield return $"| {row.Shape} | {row.Transposition} | {row.Role} | {row.Type} | {row.Threads} | {Number(row.OurGflops)} "
                + $"| {Number(100 * row.ShareOfPeak)} % | {Number(row.Ratio)} | {Number(row.RatioLower)}-{Number(row.RatioUpper)} |";
        }
    }

    /// <summary>Whether a product is too slow by more than the spread of its rounds.</summary>
    private static bool IsShort(ProductRatio row) => row.RatioUpper < Short;

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
