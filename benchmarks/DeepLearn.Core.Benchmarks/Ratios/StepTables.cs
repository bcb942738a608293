namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Formats the ratios of the steps: a table for each type and number of threads, a line for each network and batch.</summary>
internal sealed class StepTables(IReadOnlyList<string> peers)
{
    private IReadOnlyList<string> _peers = [];
    private MarkdownTable _table = new();
    private (string Type, int Threads) _current;

    /// <summary>The line for one step, after the heading of a new table if it starts one.</summary>
    public string Next(IReadOnlyList<StepRatio> row)
    {
        StepRatio any = row[0];
        string heading = "";
        if (_current != (any.Type, any.Threads))
        {
            _current = (any.Type, any.Threads);
            _peers = any.Threads > 1 ? [.. peers, ProductRatio.OneThread] : peers;
            List<(string, int)> columns =
            [
                ("network", -18), ("batch", 5), ("ours us", 9), ("bound us", 9), ("ours / bound", 5), ("bytes", 5),
            ];
            foreach (string peer in _peers)
                columns.AddRange([($"{peer} us", 9), ("faster by", 5), ("quartiles", 11)]);
            _table = new([.. columns]);
            heading = $"\n### {any.Type}, {any.Threads} {(any.Threads == 1 ? "thread" : "threads")}\n\n{_table.Head}\n";
        }
        List<string> cells =
        [
            any.Network,
            MarkdownTable.Number(any.Batch, 0),
            MarkdownTable.Number(any.OurMicroseconds, 1),
            MarkdownTable.Number(row.First(ratio => ratio.Peer == StepRatio.Bound).PeerMicroseconds, 1),
            MarkdownTable.Ratio(any.RatioToBound),
            MarkdownTable.Number(any.AllocatedBytes, 0),
        ];
        foreach (string peer in _peers)
        {
            // Not every peer makes every step.
            if (row.FirstOrDefault(ratio => ratio.Peer == peer) is not { } ratio)
            {
                cells.AddRange(["-", "-", "-"]);
                continue;
            }
            cells.Add(MarkdownTable.Number(ratio.PeerMicroseconds, 1));
            cells.Add(MarkdownTable.Ratio(ratio.Ratio));
            cells.Add($"{MarkdownTable.Ratio(ratio.RatioLower)}-{MarkdownTable.Ratio(ratio.RatioUpper)}");
        }
        return heading + _table.Row(cells);
    }
}
