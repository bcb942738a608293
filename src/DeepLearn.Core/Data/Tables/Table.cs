using DeepLearn.Foundation;

namespace DeepLearn.Data.Tables;

/// <summary>
/// Rows of named columns as they were read, before <see cref="Preprocessing"/> makes examples of them: numbers and categories, some of them
/// missing. A table is immutable.
/// </summary>
/// <example><code>
/// File.WriteAllText("flowers.csv", "length,color,kind\n5.1,red,a\n6.2,blue,b\n7.3,red,b\n");
/// Table flowers = CsvFiles.ReadTable("flowers.csv", new() { LabelColumn = "kind", CategoricalColumns = ["color"] });
/// (Table training, Table validation) = flowers.Split(validationCount: 1, RandomKey.FromSeed(1));
/// </code></example>
public sealed class Table
{
    private readonly TableColumn[] _columns;
    private readonly int[] _lines;

    /// <summary>Makes a table of given columns, for a reader of your own.</summary>
    /// <param name="source">Where the table is from, as messages name it.</param>
    /// <param name="columns">The columns; copied. At most one is the label.</param>
    /// <param name="lines">The line on which each row begins, from 1; copied.</param>
    /// <exception cref="ArgumentException">
    /// A column has another number of rows, or the name of another column; or several are labels.
    /// </exception>
    public Table(string source, ReadOnlySpan<TableColumn> columns, ReadOnlySpan<int> lines)
    {
        ArgumentNullException.ThrowIfNull(source);
        var names = new HashSet<string>(StringComparer.Ordinal);
        int labels = 0;
        foreach (TableColumn column in columns)
        {
            ArgumentNullException.ThrowIfNull(column, nameof(columns));
            if (column.Count != lines.Length)
            {
                throw new ArgumentException(
                    $"Each column has {lines.Length} rows; found {column.Count} in {column.Name}.", nameof(columns));
            }
            if (!names.Add(column.Name) || (column.Role == ColumnRole.Label && ++labels > 1))
                throw new ArgumentException($"A name or the label stands once in a table; found {column.Name} again.", nameof(columns));
        }
        Source = source;
        _columns = columns.ToArray();
        _lines = lines.ToArray();
    }

    /// <summary>Where the table is from, as messages name it.</summary>
    public string Source { get; }

    /// <summary>The number of rows.</summary>
    public int Count => _lines.Length;

    /// <summary>The columns in order, without those that were ignored.</summary>
    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>The column of a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public TableColumn? Find(string name) => Array.Find(_columns, column => column.Name == name);

    /// <summary>The line of the file on which a row begins, from 1.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public int LineOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return _lines[row];
    }

    /// <summary>Some of the rows, in the given order.</summary>
    /// <param name="rows">Which rows, from 0; repeats allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Table Rows(ReadOnlySpan<int> rows)
    {
        var lines = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(rows), $"A row is from 0 to {Count - 1}; found {rows[i]} at position {i}.");
            lines[i] = _lines[rows[i]];
        }
        var columns = new TableColumn[_columns.Length];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = _columns[i].At(rows);
        return new(Source, columns, lines);
    }

    /// <summary>
    /// Sets rows chosen at random aside for validation; both parts are in the order of the whole. <see cref="TableSplits"/> divides a
    /// table in other ways, and into the folds of a cross-validation.
    /// </summary>
    /// <param name="validationCount">How many rows, at least 1 and fewer than there are.</param>
    /// <param name="key">The name of the random choice: the same key chooses the same rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part would have no row.</exception>
    public (Table Training, Table Validation) Split(int validationCount, RandomKey key)
    {
        RowParts rows = new RowSplits(Count, "rows").ByCount(validationCount, key);
        return (Rows(rows.Training), Rows(rows.Validation));
    }

    /// <summary>The place of a value, as the beginning of a message.</summary>
    internal string PlaceOf(TableColumn column, int row) =>
        $"{Source}, line {_lines[row]}, column {column.Position} ({column.Name})";
}
