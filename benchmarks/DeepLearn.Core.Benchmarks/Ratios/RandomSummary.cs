using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>
/// The output of <c>ratios random</c>: the distribution of the ratios, the families of products that are too slow and what bounds them, and
/// every product that is too slow.
/// </summary>
/// <param name="rows">The ratios, with bounds.</param>
internal sealed class RandomSummary(IReadOnlyList<ProductRatio> rows)
{
    /// <summary>A product with a lower ratio is too slow.</summary>
    public const double Short = 0.95;

    /// <summary>A product with a lower ratio is far too slow.</summary>
    public const double FarShort = 0.8;

    /// <summary>A product that is as near to its bound cannot become much faster.</summary>
    public const double NearBound = 0.9;

    /// <summary>What a call costs before it has anything to do: at most what the fastest of all products took.</summary>
    private readonly double _call = rows.Min(row => row.OurNanoseconds);

    private static string Limit => MarkdownTable.Ratio(Short);

    private static string Bound => MarkdownTable.Number(NearBound, 1);

    /// <summary>The lines of the page.</summary>
    public IEnumerable<string> Lines() => [.. Distribution(), .. Families(), .. Behind()];

    /// <summary>The speeds behind the bounds, for the head of the page.</summary>
    public static IEnumerable<string> Speeds(MachineSpeeds machine)
    {
        yield return $"- For the bounds: a link of a chain {MarkdownTable.Number(machine.LinkNanoseconds, 2)} ns; transposing in registers "
            + $"{MarkdownTable.Number(machine.FloatTransposing, 0)} GB/s of float, {MarkdownTable.Number(machine.DoubleTransposing, 0)} of "
            + "double; GB/s that are read, written, and read and written again: "
            + string.Join("; ", machine.Levels.Select(Level));
        static string Level(MemoryLevel level) => $"{level.Name} {MarkdownTable.Number(level.Reading, 0)}, "
            + $"{MarkdownTable.Number(level.Writing, 0)}, {MarkdownTable.Number(level.Updating, 0)}";
    }

    private IEnumerable<string> Distribution()
    {
        var table = new MarkdownTable(
            ("type", -6), ("threads", 1), ("seed", 5), ("products", 1), ("geometric mean", 1), ("least", 5), ("5 %", 5), ("10 %", 5),
            ("median", 5), ($"below {Limit} beyond their spread", 1), ($"... and below {Bound} of their bound", 1),
            ($"below {MarkdownTable.Ratio(FarShort)}", 1), ($"... and below {Bound} of their bound", 1));
        yield return $"- A call takes at most {MarkdownTable.Number(_call, 0)} ns, as the fastest of these products does; "
            + "the bounds contain it.";
        if (rows.Any(row => row.Role == ProductShapesAtRandom.BiasAndRelu))
            yield return "- Where a bias and a ReLU belong to the product, the peer adds them in a second pass over its result.";
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

    private IEnumerable<string> Families()
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
                string causes = string.Join(", ", behind.CountBy(Cause).OrderByDescending(pair => pair.Value).Take(2)
                    .Select(pair => $"{pair.Key} ({pair.Value})"));
                yield return table.Row(
                    family.Key, $"{family.Count()}", $"{behind.Length}",
                    MarkdownTable.Ratio(Statistics.Median(behind.Select(row => row.Ratio))),
                    MarkdownTable.Ratio(Statistics.Median(behind.Select(ShareOfBound))), $"{behind.Count(IsNearBound)}", causes,
                    behind is [var worst, ..]
                        ? $"{worst.Shape} {worst.Transposition}, {worst.Role}: {MarkdownTable.Ratio(worst.Ratio)}" : "");
            }
        }
    }

    private IEnumerable<string> Behind()
    {
        ProductRatio[] behind = [.. rows.Where(row => row.Ratio < Short).OrderBy(row => row.Ratio)];
        yield return "";
        yield return behind.Length == 0
            ? $"No product is below {Limit}."
            : $"The {behind.Length} products below {Limit}: ours / openblas, and in brackets of their bound; + marks a beta of 1, "
                + "r a bias and a ReLU.";
        foreach (var group in behind.GroupBy(row => (row.Type, row.Threads, row.Family)))
        {
            yield return "";
            yield return $"- {group.Key.Type} on {group.Key.Threads}, {group.Key.Family}: " + string.Join("; ", group.Select(Name));
        }
    }

    private string Name(ProductRatio row)
    {
        string end = row.Role switch { "beta 1" => "+", ProductShapesAtRandom.BiasAndRelu => "r", _ => "" };
        return $"{row.Shape} {row.Transposition}{end} {MarkdownTable.Ratio(row.Ratio)} ({MarkdownTable.Ratio(ShareOfBound(row))})";
    }

    /// <summary>Whether a product is too slow by more than the spread of its rounds.</summary>
    private static bool IsShort(ProductRatio row) => row.RatioUpper < Short;

    private bool IsNearBound(ProductRatio row) => ShareOfBound(row) >= NearBound;

    /// <summary>The least time, divided by ours: about 1 is all that can be had.</summary>
    private double ShareOfBound(ProductRatio row) => (row.BoundNanoseconds + _call) / row.OurNanoseconds;

    private string Cause(ProductRatio row) => row.BoundNanoseconds < _call ? "the call" : row.Bound;
}
