namespace DeepLearn.Search;

/// <summary>What happened to a trial.</summary>
public enum SearchProgressKind
{
    /// <summary>It was found in the store, from an earlier run or another process, and is not run again.</summary>
    Resumed,

    /// <summary>It began.</summary>
    Started,

    /// <summary>It reported a score under way.</summary>
    Reported,

    /// <summary>It ended, and is kept in the store.</summary>
    Finished,

    /// <summary>
    /// It ended, but another process had taken it over meanwhile, and found something else: see <see cref="SearchProgress.Difference"/>.
    /// </summary>
    Differed,
}
