using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Ratios;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>Formats the ratios of convolutions, a table for each type and number of threads, and their summary.</summary>
internal sealed class ConvolutionTables
{
    private static readonly MarkdownTable Table = new(
        ("layer or network", -38),
        ("pass", -15),
        ("by", -7),
        ("ours GFLOP/s", 7),
        ("of peak", 5),
        ("peer", -10),
        ("peer GFLOP/s", 7),
        ("ours / peer", 5),
        ("quartiles", 11),
        ("bytes", 5));

    private (string Type, int Threads) _current;

    /// <summary>The line for one row, after the heading of a new table if it starts one.</summary>
    public string Next(ConvolutionRatio row)
    {
        string heading = "";
        if (_current != (row.Type, row.Threads))
        {
            _current = (row.Type, row.Threads);
            heading = $"\n### {row.Type}, {Threads(row.Threads)}\n\n{Table.Head}\n";
        }
        return heading + Table.Row(
            row.Case,
            row.Pass,
            row.Algorithm,
            MarkdownTable.Number(row.OurGflops, 1),
            $"{MarkdownTable.Number(100 * row.ShareOfPeak, 0)} %",
            row.Peer,
            MarkdownTable.Number(row.PeerGflops, 1),
            MarkdownTable.Ratio(row.Ratio),
            $"{MarkdownTable.Ratio(row.RatioLower)}-{MarkdownTable.Ratio(row.RatioUpper)}",
            MarkdownTable.Number(row.AllocatedBytes, 0));
    }

    /// <summary>The geometric mean and the least ratio, by kind of layer, pass and number of threads.</summary>
    public static IReadOnlyList<Figure> Figures(IReadOnlyList<ConvolutionRatio> rows)
    {
        List<Figure> figures = [];
        foreach (var group in rows.Where(row => row.Peer.Length > 0).GroupBy(row => (row.Type, row.Threads, Kind: KindOf(row))))
        {
            string head = $"{group.Key.Type}, {Threads(group.Key.Threads)}, {group.Key.Kind}";
            (double mean, double least) = Goals(group.First());
            figures.Add(new($"{head}: geometric mean ({group.Count()})", Statistics.GeometricMean(group.Select(row => row.Ratio)), mean));
            ConvolutionRatio last = group.MinBy(row => row.Ratio)!;
            figures.Add(new($"{head}, least: {last.Case}", last.Ratio, least));
        }
        if (rows.Count > 0)
            figures.Add(new("bytes allocated per call, most", rows.Max(row => row.AllocatedBytes), 0) { AtMost = true, Decimals = 0 });
        return figures;
    }

    private static string KindOf(ConvolutionRatio row) => row.IsWide3x3 ? $"3x3 {row.Pass}"
        : row.Pass is ConvolutionRatio.Step or ConvolutionRatio.Prediction ? row.Pass : "other layers";

    private static (double Mean, double Least) Goals(ConvolutionRatio row) => (row.IsWide3x3, row.Pass, row.Type) switch
    {
        (_, _, "double") => (1.2, 1),
        (true, ConvolutionRatio.WeightGradient, _) => (1.6, 1.2),
        (true, _, _) => (2, 1.5),
        (_, ConvolutionRatio.Step, _) => (1.7, 1.3),
        (_, ConvolutionRatio.Prediction, _) => (1.8, 1.4),
        _ => (1.2, 1),
    };

    private static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";
}
