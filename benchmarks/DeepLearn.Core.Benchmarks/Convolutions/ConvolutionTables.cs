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

    /// <summary>Every row in which the peer is faster.</summary>
    public static IEnumerable<string> Behind(IReadOnlyList<ConvolutionRatio> rows)
    {
        foreach (var group in rows.Where(row => row.Peer.Length > 0).GroupBy(row => (row.Type, row.Threads)))
        {
            ConvolutionRatio[] behind = [.. group.Where(row => row.Ratio < 1).OrderBy(row => row.Ratio)];
            string names = string.Join("; ", behind.Select(row => $"{row.Case}, {row.Pass}: {MarkdownTable.Ratio(row.Ratio)}"));
            yield return $"- {group.Key.Type}, {Threads(group.Key.Threads)}: {behind.Length} of {group.Count()} rows below 1"
                + (behind.Length > 0 ? $" ({names})" : "");
        }
    }

    /// <summary>How near the 3x3 layers of many channels are to the peak, and what further threads bring them.</summary>
    public static IEnumerable<string> WideLayers(IReadOnlyList<ConvolutionRatio> rows)
    {
        const double NearPeak = 0.85;
        foreach (var same in rows.Where(row => row.IsWide3x3).GroupBy(row => (row.Type, row.Threads)))
        {
            double[] shares = [.. same.Select(row => row.ShareOfPeak)];
            string line = $"- {same.Key.Type}, {Threads(same.Key.Threads)}, 3x3 of 32 channels or more: "
                + $"{MarkdownTable.Percent(Statistics.GeometricMean(shares))} of the peak on geometric mean, "
                + $"{shares.Count(share => share >= NearPeak)} of {shares.Length} rows at {MarkdownTable.Percent(NearPeak)} or more";
            double[] gains =
            [
                .. from row in same
                   join alone in rows on (row.Type, row.Case, row.Pass, 1) equals (alone.Type, alone.Case, alone.Pass, alone.Threads)
                   where row.Threads > 1
                   select row.OurGflops / alone.OurGflops,
            ];
            yield return gains.Length == 0 ? line
                : $"{line}; {MarkdownTable.Ratio(Statistics.GeometricMean(gains))} times one thread ({MarkdownTable.Ratio(gains.Min())} to "
                    + $"{MarkdownTable.Ratio(gains.Max())})";
        }
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
