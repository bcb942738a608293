namespace DeepLearn.Data.Tables;

/// <summary>How a column of categories becomes features.</summary>
public enum CategoryEncoding
{
    /// <summary>One feature for each category, named <c>column=category</c>: 1 where the example has it, else 0.</summary>
    OneHot,

    /// <summary>One feature: the number of the category, from 0, in the order of the categories.</summary>
    Ordinal,
}
