using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The summary of a run over the kernels.</summary>
/// <param name="rows">All ratios of the run.</param>
/// <param name="inMemory">
/// The number of elements from which data is in memory. From there on, memory speed is the measure of kernels without an equal peer.
/// </param>
internal sealed class KernelSummary(IReadOnlyList<KernelRatio> rows, int inMemory)
{
    /// <summary>The ratio from which a kernel counts as fast as its peer; two runs of the same code may differ by as much.</summary>
    private const double Goal = 0.97;

    private const double MemoryGoal = 0.9;

    /// <summary>The figures for which the run has rows.</summary>
    public IReadOnlyList<Figure> Figures()
    {
        List<Figure> figures = [];
        foreach (string type in rows.Select(row => row.Type).Distinct())
        {
            KernelRatio[] equals = [.. rows.Where(row => row.Type == type && row.HasEqual)];
            foreach (var group in equals.GroupBy(row => row.Elements))
            {
                string head = $"{type}, {MarkdownTable.Number(group.Key, 0)} elements / TensorPrimitives";
                figures.Add(new($"{head}, geometric mean ({group.Count()})", Statistics.GeometricMean(group.Select(row => row.Ratio)), 1));
                KernelRatio least = group.MinBy(row => row.Ratio)!;
                figures.Add(new($"{head}, least: {least.Kernel}", least.Ratio, Goal));
            }
            KernelRatio[] memory = [.. rows.Where(row => row.Type == type && !row.HasEqual && row.Elements >= inMemory)];
            if (memory.MinBy(row => row.Ratio) is { } slowest)
                figures.Add(new($"{type}, in memory / memory speed, least: {slowest.Kernel} {slowest.Shape}", slowest.Ratio, MemoryGoal));
        }
        if (rows.Count > 0)
            figures.Add(new("bytes allocated per call, most", rows.Max(row => row.AllocatedBytes), 0) { AtMost = true, Decimals = 0 });
        return figures;
    }

    /// <summary>
    /// Sentences that name the rows below 1, the worst first: those with an equal peer, then those with data in memory beside memory speed.
    /// </summary>
    public IEnumerable<string> WhatIsBelowOne()
    {
        yield return Below("Slower than TensorPrimitives", [.. rows.Where(row => row.HasEqual)]);
        yield return Below("Below memory speed, data in memory", [.. rows.Where(row => !row.HasEqual && row.Elements >= inMemory)]);
    }

    private static string Below(string what, KernelRatio[] among)
    {
        KernelRatio[] below = [.. among.Where(row => row.RatioUpper < 1).OrderBy(row => row.Ratio)];
        string names = string.Join("; ", below.Select(row => $"{row.Kernel} {row.Type} {row.Shape} {MarkdownTable.Ratio(row.Ratio)}"));
        return $"{what}, beyond the spread (upper quartile below 1): {below.Length} of {among.Length} rows"
            + (below.Length == 0 ? "." : $": {names}.");
    }
}
