namespace DeepLearn.Search.Trials;

/// <summary>Which scores are better.</summary>
public enum SearchDirection
{
    /// <summary>Larger ones, as for an accuracy.</summary>
    Maximize,

    /// <summary>Smaller ones, as for a loss.</summary>
    Minimize,
}
