using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>
/// Formats the ratios of the products: a table for each type and number of threads, a line for each product, a column for each peer.
/// </summary>
internal sealed class ProductTables
{
    private readonly IReadOnlyList<string> _names;
    private IReadOnlyList<string> _peers = [];
    private MarkdownTable _table = new();
    private (string Type, int Threads) _current;

    /// <param name="peers">The names of the peers. For the first, speed and spread are shown; for the others only the ratio.</param>
    public ProductTables(IReadOnlyList<string> peers) => _names = peers;

    /// <summary>The line for one product, after the heading of a new table if it starts one.</summary>
    public string Next(IReadOnlyList<ProductRatio> row)
    {
        ProductRatio any = row[0];
        string heading = "";
        if (_current != (any.Type, any.Threads))
        {
            _current = (any.Type, any.Threads);
            _peers = any.Threads > 1 ? [.. _names, ProductRatio.OneThread] : _names;
            _table = Table(_peers);
            heading = $"\n### {any.Type}, {any.Threads} {(any.Threads == 1 ? "thread" : "threads")}\n\n{_table.Head}\n";
        }
        List<string> cells =
        [
            any.Shape, any.Transposition, Describe(any), MarkdownTable.Number(any.OurGflops, 1), MarkdownTable.Percent(any.ShareOfPeak),
        ];
        for (int i = 0; i < _peers.Count; i++)
        {
            ProductRatio? ratio = row.FirstOrDefault(ratio => ratio.Peer == _peers[i]);
            if (i == 0)
            {
                cells.Add(ratio is null ? "-" : MarkdownTable.Number(ratio.PeerGflops, 1));
                cells.Add(ratio is null ? "-" : MarkdownTable.Ratio(ratio.Ratio));
                cells.Add(ratio is null ? "-" : $"{MarkdownTable.Ratio(ratio.RatioLower)}-{MarkdownTable.Ratio(ratio.RatioUpper)}");
            }
            else
            {
                cells.Add(ratio is null ? "-" : MarkdownTable.Ratio(ratio.Ratio));
            }
        }
        return heading + _table.Row(cells);
    }

    private static MarkdownTable Table(IReadOnlyList<string> peers)
    {
        List<(string, int)> columns = [("M x K x N", -14), ("", -2), ("product", -46), ("ours GFLOP/s", 7), ("of peak", 5)];
        for (int i = 0; i < peers.Count; i++)
        {
            if (i == 0)
                columns.AddRange([($"{peers[i]} GFLOP/s", 7), ($"ours / {peers[i]}", 5), ("quartiles", 11)]);
            else
                columns.Add(($"/ {peers[i]}", 6));
        }
        return new([.. columns]);
    }

    private static string Describe(ProductRatio row) =>
        new ProductShape(0, 0, 0, Enum.Parse<Transposition>(row.Transposition), row.Group, row.Batch, row.Role).Description;
}
