using System.Text;

namespace DeepLearn.Reporting.Tables;

/// <summary>A table, for the terminal and for a page alike. An immutable value.</summary>
/// <param name="Caption">The text above it.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows, with a cell for each column.</param>
public sealed record ReportTable(string Caption, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The caption and the table as lines of text, aligned for a font of fixed width.</summary>
    public override string ToString()
    {
        int[] widths = [.. Columns.Select((column, i) => Rows.Select(row => row[i].Length).Append(column.Name.Length).Max())];
        var text = new StringBuilder(Caption);
        Append([.. Columns.Select(column => column.Name)]);
        Append([.. widths.Select(width => new string('-', width))]);
        foreach (IReadOnlyList<string> row in Rows)
            Append(row);
        return text.ToString();
        void Append(IReadOnlyList<string> cells)
        {
            IEnumerable<string> padded =
                cells.Select((cell, i) => Columns[i].IsNumeric ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            text.Append('\n').Append(string.Join("  ", padded).TrimEnd());
        }
    }
}
