using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data.Tables;

/// <summary>
/// How the rows of a table become examples, as fitted on a training set: columns by name, categories, what stands for missing values,
/// scaling, classes. An immutable value. It is applied unchanged to validation data and to later data, and is saved as JSON, for instance
/// among the texts of a model's file.
/// </summary>
/// <example><code>
/// File.WriteAllText("flowers.csv", "length,color,kind\n5.1,red,a\n,blue,b\n7.3,red,b\n");
/// Table flowers = CsvFiles.ReadTable("flowers.csv", new() { LabelColumn = "kind", CategoricalColumns = ["color"] });
/// Preprocessing fitted = Preprocessing.Fit(flowers, new() { MissingValues = MissingValues.Median, Standardizes = true });
/// DenseDataset&lt;float&gt; examples = fitted.Apply&lt;float&gt;(flowers);
/// Console.WriteLine(examples.Description.FeatureNames);    // prints [length, color=blue, color=red]
/// </code></example>
public sealed record Preprocessing : ExamplePreparation
{
    /// <summary>The columns that become features, in order.</summary>
    public required ValueList<ColumnPreparation> Columns { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The column with the class label; null if there is none.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The classes in order; empty if there is no label.</summary>
    public ValueList<string> ClassNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>The columns with real-valued targets, in order.</summary>
    public ValueList<string> TargetColumns { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>What becomes of missing feature values.</summary>
    public MissingValues MissingValues { get; init => field = PropertyGuard.Member(value); }

    /// <summary>What becomes of categories that the training set does not have.</summary>
    public UnknownCategories UnknownCategories { get; init => field = PropertyGuard.Member(value); }

    /// <summary>The names of the features in order: a column's, or <c>column=category</c>.</summary>
    public ValueList<string> FeatureNames =>
        ValueList.Create<string>([.. Columns.SelectMany(column => column.Width == 1 && !IsOneHot(column)
        ? [column.Name]
        : column.Categories.Select(category => $"{column.Name}={category}"))]);

    /// <summary>Fits a preprocessing to a training set.</summary>
    /// <param name="training">The training set alone, without validation or test data.</param>
    /// <param name="options">What to fit; null for the defaults.</param>
    /// <exception cref="ArgumentException">The table has no row, or no column of features.</exception>
    /// <exception cref="InvalidDataException">
    /// A value is missing and <see cref="MissingValues.Refuse"/> holds, a column has none at all, or labels do not look like classes and
    /// <see cref="PreprocessingOptions.LabelsAreClasses"/> does not say that they are.
    /// </exception>
    public static Preprocessing Fit(Table training, PreprocessingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        options ??= new();
        if (training.Count == 0 || !training.Columns.Any(column => column.Role == ColumnRole.Feature))
        {
            throw new ArgumentException(
                $"{training.Source}: a training set has at least one row and one column of features; found {training.Count} rows and "
                + $"{training.Columns.Count(column => column.Role == ColumnRole.Feature)} such columns.",
                nameof(training));
        }
        PreprocessingFit.CheckMissing(training, options.MissingValues);
        if (options.MissingValues == MissingValues.DropExample)
            training = PreprocessingFit.WithoutMissing(training);
        TableColumn? label = training.Columns.FirstOrDefault(column => column.Role == ColumnRole.Label);
        if (label is not null && !options.LabelsAreClasses)
            LabelDoubt.Require(training, label);
        return new()
        {
            Columns = ValueList.Create<ColumnPreparation>([.. training.Columns
                .Where(column => column.Role == ColumnRole.Feature).Select(column => PreprocessingFit.Of(training, column, options))]),
            LabelColumn = label?.Name,
            ClassNames = label is null ? ValueList<string>.Empty : PreprocessingFit.CategoriesOf(label),
            TargetColumns = ValueList.Create<string>(
                [.. training.Columns.Where(column => column.Role == ColumnRole.Target).Select(column => column.Name)]),
            MissingValues = options.MissingValues,
            UnknownCategories = options.UnknownCategories,
        };
    }

    /// <summary>
    /// Makes examples of a table. Columns are found by name, in any order; further columns are ignored. A table without the column of the
    /// label, or without those of the targets, gives examples without them, for prediction.
    /// </summary>
    /// <typeparam name="T">The precision of the examples, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="table">The table.</param>
    /// <returns>The examples in the order of the rows, without those that <see cref="MissingValues.DropExample"/> leaves out.</returns>
    /// <exception cref="InvalidDataException">
    /// A column is missing or of another kind, a value is missing, a category or class is unknown, or a number that is not standardized is
    /// beyond the range of <typeparamref name="T"/>; or, in examples with labels or targets, the numbers of a column are so close together
    /// that it would merge them. The message names the place.
    /// </exception>
    public DenseDataset<T> Apply<T>(Table table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(table);
        return PreprocessingRun.Apply<T>(this, table);
    }

    /// <inheritdoc/>
    public override string Key => "preprocessing of a table";

    /// <inheritdoc/>
    public override string ToJson() => PreprocessingJson.Write(this);

    /// <summary>
    /// Whether another preprocessing makes the same features of the same columns, in whatever order. Labels, targets and what is refused
    /// may differ.
    /// </summary>
    /// <param name="other">The other one.</param>
    public override bool MakesTheSame(ExamplePreparation other) =>
        other is Preprocessing { Columns: var columns } && columns.Count == Columns.Count && columns.All(Columns.Contains);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not of this form; the message says what was expected.</exception>
    public static Preprocessing FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PreprocessingJson.Read(json);
    }

    private static bool IsOneHot(ColumnPreparation column) => column.IsCategorical && column.Encoding == CategoryEncoding.OneHot;
}
