namespace DeepLearn.Data.Tables;

/// <summary>How missing feature values are handled. Values that are filled in are fitted on the training set alone.</summary>
public enum MissingValues
{
    /// <summary>A missing value is an error, which says where the first one is and how many there are. The default.</summary>
    Refuse,

    /// <summary>NaN for a number; a missing category is 0 in every one-hot feature, or NaN as an ordinal.</summary>
    NaN,

    /// <summary>The mean of the column; for categories the most frequent one.</summary>
    Mean,

    /// <summary>The median of the column; for categories the most frequent one.</summary>
    Median,

    /// <summary>The most frequent value of the column, the smallest or first of several.</summary>
    MostFrequent,

    /// <summary>Examples with a missing value are left out, those without a label or target too.</summary>
    DropExample,
}
