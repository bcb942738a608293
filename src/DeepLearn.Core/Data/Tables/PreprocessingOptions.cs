using DeepLearn.Foundation;

namespace DeepLearn.Data.Tables;

/// <summary>What <see cref="Preprocessing.Fit"/> is to fit: an immutable value.</summary>
public sealed record PreprocessingOptions
{
    /// <summary>What becomes of missing feature values. Default <see cref="MissingValues.Refuse"/>.</summary>
    public MissingValues MissingValues { get; init => field = PropertyGuard.Member(value); }

    /// <summary>How columns of categories become features. Default <see cref="CategoryEncoding.OneHot"/>.</summary>
    public CategoryEncoding Encoding { get; init => field = PropertyGuard.Member(value); }

    /// <summary>What becomes of categories that the training set does not have. Default <see cref="UnknownCategories.Refuse"/>.</summary>
    public UnknownCategories UnknownCategories { get; init => field = PropertyGuard.Member(value); }

    /// <summary>
    /// Whether columns of numbers are standardized, <c>(x - mean) / standard deviation</c>, with the statistics of the training set.
    /// Default false.
    /// </summary>
    public bool Standardizes { get; init; }

    /// <summary>
    /// Whether the texts of the label's column are classes, whatever they look like. Default false: numbers with decimals, and texts of
    /// which nearly every row has one of its own, are refused, since they are more likely the target of a regression or another column.
    /// </summary>
    public bool LabelsAreClasses { get; init; }
}
