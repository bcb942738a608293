namespace DeepLearn.Data.Tables;

/// <summary>What becomes of a category that the training set does not have.</summary>
public enum UnknownCategories
{
    /// <summary>It is an error, which names the category and its place. The default.</summary>
    Refuse,

    /// <summary>
    /// It is treated as a missing value that is <see cref="MissingValues.NaN"/>: 0 in every one-hot feature, or NaN as an ordinal.
    /// </summary>
    AsNone,
}
