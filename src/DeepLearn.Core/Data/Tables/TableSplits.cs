using DeepLearn.Foundation;

namespace DeepLearn.Data.Tables;

/// <summary>
/// Divides tables into training and validation parts as <see cref="Splits"/> divides data sets, into the same rows for the same key: so
/// that a <see cref="Preprocessing"/> is fitted to training rows alone, those of each fold. All parts are in the order of the whole.
/// </summary>
/// <example><code>
/// File.WriteAllText("flowers.csv", "length,color,kind\n5.1,red,a\n5.2,blue,a\n5,red,a\n6.2,blue,b\n7.3,red,b\n6.9,blue,b\n");
/// Table flowers = CsvFiles.ReadTable("flowers.csv", new() { LabelColumn = "kind", CategoricalColumns = ["color"] });
/// foreach ((Table training, Table validation) in TableSplits.StratifiedFolds(flowers, folds: 3, RandomKey.FromSeed(1)))
/// {
///     // What is learned about the columns is learned from the fold's training rows alone.
///     var preprocessing = Preprocessing.Fit(training, new() { Standardizes = true, UnknownCategories = UnknownCategories.AsNone });
///     Dataset learned = preprocessing.Apply&lt;float&gt;(training), held = preprocessing.Apply&lt;float&gt;(validation);
///     Console.WriteLine($"{learned.Count} and {held.Count}");    // prints 4 and 2
/// }
/// </code></example>
public static class TableSplits
{
    /// <summary>Sets a share of the rows, chosen at random, aside for validation.</summary>
    /// <param name="table">The whole.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without rows.</exception>
    public static (Table Training, Table Validation) ByFraction(Table table, double fraction, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Parts(table, RowsOf(table).ByFraction(fraction, key));
    }

    /// <summary>Sets the last share of the rows aside for validation, without shuffling: for data in the order of time.</summary>
    /// <param name="table">The whole.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without rows.</exception>
    public static (Table Training, Table Validation) InOrder(Table table, double fraction)
    {
        ArgumentNullException.ThrowIfNull(table);
        int[] all = [.. Enumerable.Range(0, table.Count)];
        int training = table.Count - RowsOf(table).CountOf(fraction);
        return Parts(table, new RowParts(all[..training], all[training..]));
    }

    /// <summary>
    /// Sets the same share of each class, chosen at random, aside for validation. Rows without a label count as a class of their own.
    /// </summary>
    /// <param name="table">The whole, with a label.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">The table has no label.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without rows.</exception>
    public static (Table Training, Table Validation) Stratified(Table table, double fraction, RandomKey key)
    {
        (int[] labels, int classes) = LabelsOf(table);
        return Parts(table, RowsOf(table).Stratified(labels, classes, fraction, key));
    }

    /// <summary>Sets whole groups of rows, chosen at random, aside for validation.</summary>
    /// <param name="table">The whole.</param>
    /// <param name="groups">The group of each row, any numbers.</param>
    /// <param name="fraction">The share of the groups in the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">There are not as many groups as rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without rows.</exception>
    public static (Table Training, Table Validation) Grouped(Table table, ReadOnlySpan<int> groups, double fraction, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Parts(table, RowsOf(table).Grouped(groups, fraction, key));
    }

    /// <summary>
    /// The folds of a cross-validation: each row is in the validation part of exactly one fold, and validation parts differ by at most one
    /// row in size.
    /// </summary>
    /// <param name="table">The whole.</param>
    /// <param name="folds">How many, from 2 to the number of rows.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Table Training, Table Validation)> Folds(Table table, int folds, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Parts(table, RowsOf(table).Folds(folds, key));
    }

    /// <summary>
    /// Folds as of <see cref="Folds(Table, int, RandomKey)"/>, each with the same share of each class, up to one row. Rows without a label
    /// count as a class of their own.
    /// </summary>
    /// <param name="table">The whole, with a label.</param>
    /// <param name="folds">How many, from 2 to the number of rows.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">The table has no label.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Table Training, Table Validation)> StratifiedFolds(Table table, int folds, RandomKey key)
    {
        (int[] labels, int classes) = LabelsOf(table);
        return Parts(table, RowsOf(table).StratifiedFolds(labels, classes, folds, key));
    }

    /// <summary>
    /// Several cross-validations one after the other, each with folds of its own: repetition r has those of <c>key.Derive(r)</c>.
    /// </summary>
    /// <param name="table">The whole, with a label where the folds are stratified.</param>
    /// <param name="folds">How many folds a repetition has, from 2 to the number of rows.</param>
    /// <param name="repetitions">How many repetitions, at least 1.</param>
    /// <param name="key">The name of the random choices.</param>
    /// <param name="isStratified">Whether each fold has the same share of each class, up to one row. Default false.</param>
    /// <exception cref="ArgumentException">The folds are stratified, and the table has no label.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static IReadOnlyList<(Table Training, Table Validation)> RepeatedFolds(
        Table table, int folds, int repetitions, RandomKey key, bool isStratified = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        return
        [
            .. Enumerable.Range(0, repetitions).Select(repetition => key.Derive(repetition))
                .SelectMany(own => isStratified ? StratifiedFolds(table, folds, own) : Folds(table, folds, own)),
        ];
    }

    /// <summary>Folds of whole groups: each group is in the validation part of exactly one fold.</summary>
    /// <param name="table">The whole.</param>
    /// <param name="groups">The group of each row, any numbers.</param>
    /// <param name="folds">How many, from 2 to the number of groups.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">There are not as many groups as rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Table Training, Table Validation)> GroupedFolds(
        Table table, ReadOnlySpan<int> groups, int folds, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Parts(table, RowsOf(table).GroupedFolds(groups, folds, key));
    }

    private static RowSplits RowsOf(Table table) => new(table.Count, "rows");

    private static (Table Training, Table Validation) Parts(Table table, RowParts rows) =>
        (table.Rows(rows.Training), table.Rows(rows.Validation));

    private static (Table Training, Table Validation)[] Parts(Table table, RowParts[] folds) =>
        [.. folds.Select(rows => Parts(table, rows))];

    // The classes in the order in which a preprocessing of the whole would number them: its data set is divided into the same rows.
    private static (int[] Labels, int Classes) LabelsOf(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        TableColumn label = table.Columns.FirstOrDefault(column => column.Role == ColumnRole.Label)
            ?? throw new ArgumentException("A stratified split needs a label; found a table without one.", nameof(table));
        ValueList<string> names = PreprocessingFit.CategoriesOf(label);
        Dictionary<string, int> classOf = names.Select((name, i) => (name, i)).ToDictionary();
        int[] labels = [.. Enumerable.Range(0, table.Count).Select(row => label.TextAt(row) is { } text ? classOf[text] : names.Count)];
        return (labels, names.Count + 1);
    }
}
