using DeepLearn.Foundation;

namespace DeepLearn.Reporting.Figures;

/// <summary>A table of numbers whose cells are colored by their size, such as a confusion matrix. An immutable value.</summary>
/// <param name="Title">The text above it.</param>
/// <param name="XLabel">What a column is.</param>
/// <param name="YLabel">What a row is.</param>
/// <param name="ColumnNames">The names of the columns.</param>
/// <param name="RowNames">The names of the rows, from the top.</param>
/// <param name="Strengths">How strong the color of each cell is, from 0 to 1, row after row.</param>
/// <param name="Texts">The text in each cell, row after row; left out where there are more than 400 cells.</param>
public sealed record MatrixPanel(
    string Title,
    string XLabel,
    string YLabel,
    IReadOnlyList<string> ColumnNames,
    IReadOnlyList<string> RowNames,
    IReadOnlyList<double> Strengths,
    IReadOnlyList<string> Texts) : Panel(Title)
{
    /// <summary>
    /// Places that are marked, such as what was measured: from 0 at the left to the number of columns, and from 0 at the top to the number
    /// of rows. Default empty.
    /// </summary>
    public IReadOnlyList<(double Column, double Row)> Marks { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <inheritdoc/>
    public override string Description => $"{Title}: {RowNames.Count} rows ({YLabel}) and {ColumnNames.Count} columns ({XLabel})";
}
