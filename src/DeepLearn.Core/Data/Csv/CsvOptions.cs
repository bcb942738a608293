using DeepLearn.Foundation;

namespace DeepLearn.Data.Csv;

/// <summary>
/// The roles of the columns of a CSV file: an immutable value. Columns that are neither label, target nor ignored are features, in order;
/// they hold numbers unless they are named in <see cref="CategoricalColumns"/>.
/// </summary>
/// <example><code>
/// File.WriteAllText("flowers.csv", "length;color;kind\n5,1;red;a\n;blue;b\n7,3;red;b\n");
/// var options = new CsvOptions { Separator = ';', DecimalPoint = ',', CategoricalColumns = ["color"], LabelColumn = "kind" };
/// Table flowers = CsvFiles.ReadTable("flowers.csv", options);
/// </code></example>
public sealed record CsvOptions
{
    /// <summary>
    /// Whether the first line holds the names of the columns. Default true. Where it is false, the first line is an example.
    /// </summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// The names of all columns in order, in place of those in the file. Empty, the default, takes those of the header, or <c>column1</c>,
    /// <c>column2</c> and so on where there is none.
    /// </summary>
    public ValueList<string> ColumnNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>
    /// The name of the column with the class label; null, the default, if there is none or <see cref="LabelIndex"/> says which.
    /// </summary>
    public string? LabelColumn { get; init; }

    /// <summary>
    /// The position of the column with the class label, from 0, or from the end with ^1; null, the default, if there is none or
    /// <see cref="LabelColumn"/> says which.
    /// </summary>
    public Index? LabelIndex { get; init; }

    /// <summary>
    /// The labels in the order of their classes. Empty, the default, takes the labels in the file: in numeric order if all are whole
    /// numbers, otherwise in ordinal order. Labels that look like numbers to be predicted are then refused: those go into
    /// <see cref="TargetColumns"/>.
    /// </summary>
    public ValueList<string> ClassNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>The names of the columns with real-valued targets; empty by default.</summary>
    public ValueList<string> TargetColumns { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>The names of the columns of features that hold categories, such as colors; empty by default.</summary>
    public ValueList<string> CategoricalColumns { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>The names of the columns that are left out, which need not hold numbers; empty by default.</summary>
    public ValueList<string> IgnoredColumns { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>
    /// The texts that stand for a missing value, compared without blanks around them. Default: nothing, <c>NA</c>, <c>N/A</c>, <c>NaN</c>,
    /// <c>nan</c>, <c>null</c>, <c>NULL</c> and <c>?</c>.
    /// </summary>
    public ValueList<string> MissingTexts { get; init => field = PropertyGuard.NotNull(value); } =
        ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"];

    /// <summary>
    /// Whether names of columns may be numbers, or texts that stand for a missing value. Default false: a first line with one is taken for
    /// the first example of a file without a header, and refused, since it would be lost.
    /// </summary>
    public bool HasNumericNames { get; init; }

    /// <summary>What stands between fields; default a comma. Neither a quote nor a line end.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>
    /// What stands before the decimals of a number: a point, the default, or a comma, as in many tables with <c>;</c> between fields.
    /// </summary>
    public char DecimalPoint { get; init; } = '.';
}
