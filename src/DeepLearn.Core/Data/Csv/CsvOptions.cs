using DeepLearn.Foundation;

namespace DeepLearn.Data.Csv;

/// <summary>What the columns of a CSV file are: an immutable value. Columns that are neither label, target nor ignored are features, in
/// order.</summary>
public sealed record CsvOptions
{
    /// <summary>The name of the column with the class label; null, the default, where there is none or <see cref="LabelIndex"/> says
    /// which.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The position of the column with the class label, from 0, or from the end with ^1; null, the default, where there is none or
    /// <see cref="LabelColumn"/> says which.</summary>
    public Index? LabelIndex { get; init; }

    /// <summary>The labels that there are, in the order of their classes. Empty, the default, takes those that occur: in the order of the
    /// numbers where all are whole numbers, otherwise in ordinal order.</summary>
    public ValueList<string> ClassNames { get; init; } = ValueList<string>.Empty;

    /// <summary>The names of the columns with real-valued targets; empty by default.</summary>
    public ValueList<string> TargetColumns { get; init; } = ValueList<string>.Empty;

    /// <summary>The names of the columns that are passed over, which need not be numbers; empty by default.</summary>
    public ValueList<string> IgnoredColumns { get; init; } = ValueList<string>.Empty;

    /// <summary>
    /// Whether the names of all columns may be numbers. Default false: a first line of numbers alone is taken for an example, of a file
    /// whose header is missing, and refused.
    /// </summary>
    public bool HasNumericNames { get; init; }

    /// <summary>What stands between fields; default a comma. Neither a quote nor a line end.</summary>
    public char Separator { get; init; } = ',';
}
