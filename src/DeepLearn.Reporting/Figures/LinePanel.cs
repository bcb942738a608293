using DeepLearn.Foundation;

namespace DeepLearn.Reporting.Figures;

/// <summary>A coordinate system with lines, points or bars. An immutable value.</summary>
/// <param name="Title">The text above it.</param>
/// <param name="XLabel">The name of the horizontal axis.</param>
/// <param name="YLabel">The name of the vertical axis.</param>
/// <param name="Series">What is drawn; may be empty.</param>
public sealed record LinePanel(string Title, string XLabel, string YLabel, IReadOnlyList<Series> Series) : Panel(Title)
{
    /// <summary>Whether the horizontal axis is logarithmic; its values are then above 0. Default false.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether vertical values are fractions, written as percentages. Default false.</summary>
    public bool IsPercentage { get; init; }

    /// <summary>The bottom of the vertical axis. Default null: it follows from the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>The top of the vertical axis. Default null: it follows from the data.</summary>
    public double? Maximum { get; init; }

    /// <summary>Texts at places of the horizontal axis, such as the names of choices. Default empty: numbers.</summary>
    public IReadOnlyList<(double Place, string Text)> XTicks { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Texts at places of the vertical axis. Default empty: numbers.</summary>
    public IReadOnlyList<(double Place, string Text)> YTicks { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            string names = string.Join(", ", Series.Select(series => series.Name).Where(name => name.Length > 0));
            return $"{Title}: {YLabel} against {XLabel}" + (names.Length > 0 ? $" ({names})" : "");
        }
    }
}
