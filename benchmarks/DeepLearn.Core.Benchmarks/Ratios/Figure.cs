namespace DeepLearn.Benchmarks.Ratios;

/// <summary>One figure of a summary.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The measured value.</param>
/// <param name="Goal">The least value that is the goal; null if there is no goal.</param>
internal sealed record Figure(string Name, double Value, double? Goal = null)
{
    /// <summary>Whether the goal is an upper bound.</summary>
    public bool AtMost { get; init; }

    /// <summary>The number of decimals to show.</summary>
    public int Decimals { get; init; } = 3;

    private string Verdict => Goal is null ? "" : (AtMost ? Value <= Goal : Value >= Goal) ? "reached" : "not yet";

    /// <summary>The figures as lines of a Markdown table.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<Figure> figures)
    {
        var table = new MarkdownTable(("figure", -78), ("value", 6), ("goal", 6), ("", -9));
        if (figures.Count == 0)
            yield break;
        yield return table.Head;
        foreach (Figure figure in figures)
            yield return table.Row(figure.Name, figure.Format(figure.Value), figure.FormatGoal(), figure.Verdict);
    }

    private string Format(double value) => MarkdownTable.Number(value, Decimals);

    private string FormatGoal() => Goal is null ? "" : (AtMost ? "<= " : ">= ") + Format(Goal.Value);
}
