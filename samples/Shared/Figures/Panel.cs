namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>One coordinate system with what is drawn in it. An immutable value that knows nothing of colors or formats.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="XLabel">What is counted across.</param>
/// <param name="YLabel">What is measured up.</param>
/// <param name="Series">What is drawn.</param>
public sealed record Panel(string Title, string XLabel, string YLabel, IReadOnlyList<Series> Series)
{
    /// <summary>Whether the scale across is logarithmic.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether values up are fractions, to be written as percentages.</summary>
    public bool IsPercentage { get; init; }

    /// <summary>The bottom of the scale; null to leave it to the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>What the panel shows, in words, for those who cannot see it.</summary>
    public string Description
    {
        get
        {
            string names = string.Join(", ", Series.Select(series => series.Name).Where(name => name.Length > 0));
            return $"{Title}: {YLabel} against {XLabel}" + (names.Length > 0 ? $" ({names})" : "");
        }
    }
}
