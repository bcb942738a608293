namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The summary of the steps.</summary>
internal static class StepSummary
{
    /// <summary>The figures for which the run has rows.</summary>
    /// <param name="rows">All ratios of the run.</param>
    /// <param name="peers">The peers to compare with.</param>
    public static IReadOnlyList<Figure> Figures(IReadOnlyList<StepRatio> rows, IReadOnlyList<string> peers)
    {
        List<Figure> figures = [];
        StepRatio[] usual = [.. rows.Where(row => row.Batch == 100)];
        foreach (StepRatio row in usual.Where(row => row.Peer == StepRatio.Bound && row.Type == "float"))
        {
            double? goal = (row.Network, row.Threads) switch
            {
                ("3072-50-10", 1) => 1.25,
                ("3072-512-10", 1) => 1.2,
                _ => null,
            };
            figures.Add(
                new($"{row.Network}, batch 100, float, {Threads(row)}: time / FMA bound", row.RatioToBound, goal) { AtMost = true });
        }
        foreach (StepRatio row in usual.Where(row => peers.Contains(row.Peer)))
        {
            double? goal = row.Type == "double" ? 1.5 : row.Network == "3072-50-10" ? 2 : row.Network == "3072-512-10" ? 1.3 : null;
            figures.Add(new($"{row.Network}, batch 100, {row.Type}, {Threads(row)}: faster than {row.Peer} by", row.Ratio, goal));
        }
        if (rows.Count > 0)
            figures.Add(new("bytes allocated per step, most", rows.Max(row => row.AllocatedBytes), 0) { AtMost = true, Decimals = 0 });
        return figures;
    }

    private static string Threads(StepRatio row) => row.Threads == 1 ? "1 thread" : $"{row.Threads} threads";
}
