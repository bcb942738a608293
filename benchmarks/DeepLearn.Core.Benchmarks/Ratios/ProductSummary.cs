using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The few figures that a run comes down to, each with what it should be where there is such a goal.</summary>
internal static class ProductSummary
{
    private const string Networks = "3072-";
    private const string Float = "float";
    private const string Double = "double";

    /// <summary>A sentence that names the rows in which the peer is ahead beyond the spread, its upper quartile below 1; the worst first.</summary>
    public static string WherePeerIsAhead(IReadOnlyList<ProductRatio> rows, string peer)
    {
        ProductRatio[] behind = [.. rows.Where(row => row.Peer == peer && row.RatioUpper < 1).OrderBy(row => row.Ratio)];
        if (behind.Length == 0)
            return $"In no row is {peer} ahead beyond the spread (upper quartile below 1).";
        IEnumerable<string> names = behind.Select(
            row => $"{row.Shape} {row.Transposition} {row.Type} {row.Threads}t {MarkdownTable.Ratio(row.Ratio)}");
        return $"{peer} is ahead beyond the spread (upper quartile below 1) in {behind.Length} of {rows.Count(row => row.Peer == peer)} rows: "
            + string.Join("; ", names) + ".";
    }

    /// <summary>The figures that the run has rows for.</summary>
    /// <param name="rows">All ratios of the run.</param>
    /// <param name="peer">The peer to be held against.</param>
    public static IReadOnlyList<Figure> Figures(IReadOnlyList<ProductRatio> rows, string peer)
    {
        ProductRatio[] against = [.. rows.Where(row => row.Peer == peer)];
        ProductRatio[] single = [.. against.Where(row => row.Threads == 1)];
        ProductRatio[] floats = [.. single.Where(row => row.Type == Float)];
        ProductRatio[] doubles = [.. single.Where(row => row.Type == Double)];
        IEnumerable<Figure?> figures =
        [
            Least($"float, 1 thread: least of all / {peer}", floats, 0.95),
            Mean($"float, 1 thread: squares of 256 and up / {peer}, geometric mean", floats.Where(row => row.SquareSize >= 256), 1),
            Mean($"float, 1 thread: both networks at batch 100 / {peer}, geometric mean", floats.Where(row => InNetwork(row) && row.Batch == 100), 1.15),
            Mean($"float, 1 thread: N or K of 10 / {peer}, geometric mean", floats.Where(row => row.HasTen), 1),
            Least($"float, 1 thread: N or K of 10, least / {peer}", floats.Where(row => row.HasTen), 1),
            Mean($"float, 1 thread: convolutions / {peer}, geometric mean", floats.Where(row => row.Group == ProductShapes.Convolution)),
            Mean($"float, 1 thread: all / {peer}, geometric mean", floats),
            Least($"double, 1 thread: least of all / {peer}", doubles, 0.95),
            Mean($"double, 1 thread: all / {peer}, geometric mean", doubles, 1.1),
            .. Several(rows, against),
            Share("float, 1 thread: share of the FMA peak at 1024", rows.Where(row => row.Type == Float && row.Threads == 1 && row.SquareSize == 1024), 0.88),
            Share("double, 1 thread: share of the FMA peak at 1024", rows.Where(row => row.Type == Double && row.Threads == 1 && row.SquareSize == 1024)),
            rows.Count == 0 ? null : new Figure("bytes allocated per call, most", rows.Max(row => row.AllocatedBytes), 0) { AtMost = true, Decimals = 0 },
        ];
        // The goals are about OpenBLAS; beside another peer the figures stand without them, save for our own.
        bool held = peer == OpenBlasPeer.PeerName;
        return [.. figures.OfType<Figure>().Select(figure => held || !figure.Name.Contains($"/ {peer}", StringComparison.Ordinal) ? figure : figure with { Goal = null })];
    }

    private static IEnumerable<Figure?> Several(IReadOnlyList<ProductRatio> rows, ProductRatio[] against)
    {
        foreach (int threads in rows.Select(row => row.Threads).Where(threads => threads > 1).Distinct())
        {
            foreach (string type in new[] { Float, Double })
            {
                string head = $"{type}, {threads} threads";
                yield return Mean($"{head}: all / {against.FirstOrDefault()?.Peer}, geometric mean", against.Where(row => row.Type == type && row.Threads == threads), 1.1);
                yield return Least($"{head}: least of all / {against.FirstOrDefault()?.Peer}", against.Where(row => row.Type == type && row.Threads == threads));
                ProductRatio[] oneThread = [.. rows.Where(row => row.Type == type && row.Threads == threads && row.Peer == ProductRatio.OneThread)];
                yield return Least($"{head}: least / our own on one", oneThread);
                if (oneThread.Length > 0)
                {
                    yield return new($"{head}: slower than our own on one by over 2 % beyond the spread ({oneThread.Length})", oneThread.Count(row => row.RatioUpper < 0.98), 0)
                    {
                        AtMost = true,
                        Decimals = 0,
                    };
                }
                yield return Mean($"{head}: squares of 256 and up / our own on one, geometric mean", oneThread.Where(row => row.SquareSize >= 256));
            }
        }
    }

    private static bool InNetwork(ProductRatio row) => row.Group.StartsWith(Networks, StringComparison.Ordinal);

    private static Figure? Mean(string name, IEnumerable<ProductRatio> rows, double? goal = null)
    {
        double[] ratios = [.. rows.Select(row => row.Ratio)];
        return ratios.Length == 0 ? null : new($"{name} ({ratios.Length})", Statistics.GeometricMean(ratios), goal);
    }

    private static Figure? Least(string name, IEnumerable<ProductRatio> rows, double? goal = null)
    {
        ProductRatio? least = rows.MinBy(row => row.Ratio);
        return least is null ? null : new($"{name}: {least.Shape} {least.Transposition}", least.Ratio, goal);
    }

    private static Figure? Share(string name, IEnumerable<ProductRatio> rows, double? goal = null)
    {
        // Each product has a row for every peer, with the same share.
        double[] shares = [.. rows.GroupBy(row => row.Transposition).Select(group => group.First().ShareOfPeak)];
        return shares.Length == 0 ? null : new(name + ", mean of the transpositions", shares.Average(), goal);
    }
}
