namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Formats the ratios of the kernels: a table for each type and shape, a line for each kernel.</summary>
internal sealed class KernelTables
{
    private static readonly MarkdownTable Table = new(
        ("kernel", -24), ("peer", -22), ("ours GB/s", 7), ("peer GB/s", 7), ("ours / peer", 5), ("quartiles", 11), ("", -7));

    private (string Type, string Shape) _current;

    /// <summary>The line for one kernel, after the heading of a new table if it starts one.</summary>
    public string Next(KernelRatio row)
    {
        string heading = "";
        if (_current != (row.Type, row.Shape))
        {
            _current = (row.Type, row.Shape);
            heading = $"\n### {row.Type}, {MarkdownTable.Number(row.Elements, 0)} elements ({row.Shape})\n\n{Table.Head}\n";
        }
        return heading + Table.Row(
            row.Kernel,
            row.Peer,
            MarkdownTable.Number(row.OurGigabytes, 1),
            MarkdownTable.Number(row.PeerGigabytes, 1),
            MarkdownTable.Ratio(row.Ratio),
            $"{MarkdownTable.Ratio(row.RatioLower)}-{MarkdownTable.Ratio(row.RatioUpper)}",
            row.Ratio < 1 ? "below 1" : "");
    }
}
