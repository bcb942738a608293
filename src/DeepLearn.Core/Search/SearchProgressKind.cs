namespace DeepLearn.Search;

/// <summary>What happened to a trial.</summary>
public enum SearchProgressKind
{
    /// <summary>It was found in the store, and is not run again.</summary>
    Resumed,

    /// <summary>It began.</summary>
    Started,

    /// <summary>It reported a score under way.</summary>
    Reported,

    /// <summary>It ended, and is kept in the store.</summary>
    Finished,
}
