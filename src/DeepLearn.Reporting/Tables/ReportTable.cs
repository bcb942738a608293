using System.Text;
using DeepLearn.Foundation;

namespace DeepLearn.Reporting.Tables;

/// <summary>A table, for the terminal and for a page alike. An immutable value.</summary>
/// <param name="Caption">The text above it.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows, with a cell for each column.</param>
/// <example><code>
/// var table = new ReportTable("Rates", [new("schedule", IsNumeric: false), new("rate")], [["constant", "0.05"], ["cosine", "0.1"]]);
/// table.Save("rates.csv");
/// </code></example>
public sealed record ReportTable(string Caption, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>
    /// Saves it for other programs: comma-separated (RFC 4180, UTF-8), or as JSON, an array with an object for each row, in which a cell
    /// of a
    /// numeric column is a number, or null where it is none. The file is whole or as it was.
    /// </summary>
    /// <param name="path">The file; its name ends in <c>.csv</c> or <c>.json</c>.</param>
    /// <exception cref="ArgumentException">The name ends otherwise, or a JSON object would have one name twice.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".csv":
                WholeFile.Write(path, TableFile.Csv(this));
                break;
            case ".json":
                if (Columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                {
                    throw new ArgumentException(
                        $"Columns of a JSON file have names of their own; found \"{twice.Key}\" twice.", nameof(path));
                }
                WholeFile.Write(path, TableFile.Json(this));
                break;
            default:
                throw new ArgumentException($"A table is saved as .csv or .json; found \"{path}\".", nameof(path));
        }
    }

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
