namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Formats the predictions: a table for each number of threads, a line for each network, batch and peer.</summary>
internal sealed class PredictionTables
{
    private static readonly MarkdownTable Table = new(
        ("network", -12), ("batch", 5), ("ours us", 8), ("99 %", 8), ("examples/s", 10), ("bytes", 5), ("peer", -12), ("peer us", 8),
        ("99 %", 8), ("faster by", 9), ("quartiles", 11));

    private int _threads;

    /// <summary>The lines for one prediction, after the heading of a new table if it starts one.</summary>
    /// <param name="rows">The prediction beside each peer.</param>
    public string Next(IReadOnlyList<PredictionRatio> rows)
    {
        string heading = "";
        if (_threads != rows[0].Threads)
        {
            _threads = rows[0].Threads;
            heading = $"\n### float, {_threads} {(_threads == 1 ? "thread" : "threads")}\n\n{Table.Head}\n";
        }
        return heading + string.Join('\n', rows.Select(row => Table.Row(
            row.Network,
            MarkdownTable.Number(row.Batch, 0),
            MarkdownTable.Number(row.OurMicroseconds, 2),
            MarkdownTable.Number(row.OurMicroseconds99, 2),
            MarkdownTable.Number(row.ExamplesPerSecond, 0),
            MarkdownTable.Number(row.AllocatedBytes, 0),
            row.Peer.Length == 0 ? "-" : row.Peer,
            MarkdownTable.Number(row.PeerMicroseconds, 2),
            MarkdownTable.Number(row.PeerMicroseconds99, 2),
            MarkdownTable.Ratio(row.Ratio),
            $"{MarkdownTable.Ratio(row.RatioLower)}-{MarkdownTable.Ratio(row.RatioUpper)}")));
    }
}
