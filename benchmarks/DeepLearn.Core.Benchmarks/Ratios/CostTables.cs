using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Formats the costs of steps, a line for each network, batch and type, and the model below them.</summary>
internal sealed class CostTables
{
    private readonly MarkdownTable _table = new(
        ("network", -15), ("batch", 5), ("type", -6), ("parameters", 10), ("step us", 23), ("bound", 8), ("products", 8),
        ("update", 16), ("loss", 6), ("overhead", 16), ("data path adds", 18), ("L2 adds", 16), ("momentum adds", 18), ("Adam adds", 18));

    /// <summary>The heading of the table.</summary>
    public string Head => _table.Head;

    /// <summary>The line for one step.</summary>
    public string Row(StepCost row) => _table.Row(
        row.Network,
        MarkdownTable.Number(row.Batch, 0),
        row.Type,
        MarkdownTable.Number(row.Parameters, 0),
        Spread(row.Step),
        Short(row.Bound),
        Short(row.Products.Median),
        Spread(row.Update),
        Short(row.Loss.Median),
        Spread(row.Overhead),
        Spread(row.DataPath),
        Spread(row.L2),
        Spread(row.Momentum),
        Spread(row.Adam));

    /// <summary>The model of each type with enough rows: its prices and its errors.</summary>
    public static IEnumerable<string> Models(IReadOnlyList<StepCost> rows)
    {
        var table = new MarkdownTable(
            ("type", -6), ("us a step", 9), ("GFLOP/s", 9), ("us / million parameters", 9), ("us / million activations", 9),
            ("median error", 6), ("largest error", 6), ("where", -26));
        List<string> lines = [];
        foreach (IGrouping<string, StepCost> type in rows.GroupBy(row => row.Type))
        {
            StepCost[] steps = [.. type];
            if (steps.Length < CostModel.LeastRows)
                continue;
            var model = CostModel.Fit(steps);
            double[] errors = [.. model.Errors.Select(Math.Abs)];
            int worst = Array.IndexOf(errors, errors.Max());
            lines.Add(table.Row(
                type.Key,
                MarkdownTable.Number(model.Call, 1),
                MarkdownTable.Number(model.Gflops, 1),
                MarkdownTable.Number(model.PerMillionParameters, 0),
                MarkdownTable.Number(model.PerMillionActivations, 0),
                MarkdownTable.Percent(Statistics.Median(errors)),
                MarkdownTable.Percent(errors[worst]),
                $"{steps[worst].Network}, batch {steps[worst].Batch}"));
        }
        return lines.Count == 0
            ? [$"A model takes {CostModel.LeastRows} rows of a type or more."]
            : [table.Head, .. lines];
    }

    private static string Spread(Quartiles times) => $"{Short(times.Median)} ({Short(times.Lower)}..{Short(times.Upper)})";

    private static string Short(double microseconds) => MarkdownTable.Number(microseconds, Math.Abs(microseconds) < 100 ? 1 : 0);
}
