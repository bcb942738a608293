namespace DeepLearn.Search;

/// <summary>Why a search ended.</summary>
public enum SearchEnd
{
    /// <summary>It has run all its trials.</summary>
    AllTrials,

    /// <summary>A trial reached <see cref="SearchRunOptions.Target"/>.</summary>
    TargetReached,

    /// <summary>The last trials brought no improvement: see <see cref="SearchRunOptions.TrialsWithoutImprovement"/>.</summary>
    NoImprovement,

    /// <summary>Its time was over: see <see cref="SearchRunOptions.TimeLimit"/>.</summary>
    TimeLimit,
}
