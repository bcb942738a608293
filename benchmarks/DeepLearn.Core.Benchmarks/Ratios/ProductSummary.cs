using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The summary of a run over the products, with the goals.</summary>
/// <param name="rows">All ratios of the run.</param>
/// <param name="peer">The peer to compare with. There are goals for OpenBLAS only; with other peers the figures have no goals.</param>
internal sealed class ProductSummary(IReadOnlyList<ProductRatio> rows, string peer)
{
    private const string Float = "float";
    private const string Double = "double";

    private readonly List<Figure> _figures = [];

    /// <summary>A sentence that names the rows in which the peer is ahead by more than the spread, the worst first.</summary>
    public string WherePeerIsAhead()
    {
        ProductRatio[] against = [.. rows.Where(row => row.Peer == peer)];
        ProductRatio[] behind = [.. against.Where(row => row.RatioUpper < 1).OrderBy(row => row.Ratio)];
        if (behind.Length == 0)
            return $"In no row is {peer} ahead beyond the spread (upper quartile below 1).";
        IEnumerable<string> names = behind.Select(
            row => $"{row.Shape} {row.Transposition} {row.Type} {row.Threads}t {MarkdownTable.Ratio(row.Ratio)}");
        return $"{peer} is ahead beyond the spread (upper quartile below 1) in {behind.Length} of {against.Length} rows: "
            + string.Join("; ", names) + ".";
    }

    /// <summary>The figures for which the run has rows.</summary>
    public IReadOnlyList<Figure> Figures()
    {
        _figures.Clear();
        OneThread();
        foreach (int threads in rows.Select(row => row.Threads).Where(threads => threads > 1).Distinct())
        {
            SeveralThreads(Float, threads);
            SeveralThreads(Double, threads);
        }
        ShareOfPeak(Float, 0.88);
        ShareOfPeak(Double, null);
        if (rows.Count > 0)
            _figures.Add(new("bytes allocated per call, most", rows.Max(row => row.AllocatedBytes), 0) { AtMost = true, Decimals = 0 });
        return _figures;
    }

    private static bool InNetwork(ProductRatio row) => row.Group.StartsWith("3072-", StringComparison.Ordinal);

    private void OneThread()
    {
        ProductRatio[] floats = Against(peer, Float, 1);
        string head = $"float, 1 thread / {peer}";
        Least($"{head}: least of all", floats, 0.95);
        Mean($"{head}: squares of 256 and up", floats.Where(row => row.SquareSize >= 256), 1);
        Mean($"{head}: both networks at batch 100", floats.Where(row => InNetwork(row) && row.Batch == 100), 1.15);
        Mean($"{head}: N or K of 10", floats.Where(row => row.HasTen), 1);
        Least($"{head}: N or K of 10, least", floats.Where(row => row.HasTen), 1);
        Mean($"{head}: convolutions", floats.Where(row => row.Group == ProductShapes.Convolution), null);
        Mean($"{head}: all", floats, null);
        ProductRatio[] doubles = Against(peer, Double, 1);
        Least($"double, 1 thread / {peer}: least of all", doubles, 0.95);
        Mean($"double, 1 thread / {peer}: all", doubles, 1.1);
    }

    private void SeveralThreads(string type, int threads)
    {
        ProductRatio[] against = Against(peer, type, threads);
        string head = $"{type}, {threads} threads / {peer}";
        Mean($"{head}: all", against, 1.1);
        Least($"{head}: least of all", against, null);
        ProductRatio[] alone = Against(ProductRatio.OneThread, type, threads);
        head = $"{type}, {threads} threads / our own on one";
        Least($"{head}: least", alone, null);
        Mean($"{head}: squares of 256 and up", alone.Where(row => row.SquareSize >= 256), null);
        if (alone.Length == 0)
            return;
        string slower = $"{head}: slower by over 2 % beyond the spread ({alone.Length})";
        _figures.Add(new(slower, alone.Count(row => row.RatioUpper < 0.98), 0) { AtMost = true, Decimals = 0 });
    }

    private void ShareOfPeak(string type, double? goal)
    {
        // Each product has a row for every peer, all with the same share.
        double[] shares =
        [
            .. rows.Where(row => row.Type == type && row.Threads == 1 && row.SquareSize == 1024)
                .GroupBy(row => row.Transposition)
                .Select(group => group.First().ShareOfPeak),
        ];
        if (shares.Length > 0)
            _figures.Add(new($"{type}, 1 thread: share of the FMA peak at 1024, mean of the transpositions", shares.Average(), goal));
    }

    private ProductRatio[] Against(string name, string type, int threads) =>
        [.. rows.Where(row => row.Peer == name && row.Type == type && row.Threads == threads)];

    private void Mean(string name, IEnumerable<ProductRatio> against, double? goal)
    {
        double[] ratios = [.. against.Select(row => row.Ratio)];
        if (ratios.Length > 0)
            _figures.Add(new($"{name}, geometric mean ({ratios.Length})", Statistics.GeometricMean(ratios), GoalAgainst(goal)));
    }

    private void Least(string name, IEnumerable<ProductRatio> against, double? goal)
    {
        if (against.MinBy(row => row.Ratio) is { } least)
            _figures.Add(new($"{name}: {least.Shape} {least.Transposition}", least.Ratio, GoalAgainst(goal)));
    }

    private double? GoalAgainst(double? goal) => peer == ProductRatio.OpenBlas ? goal : null;
}
