namespace DeepLearn.Search.Stores;

/// <summary>The members of a line of a journal.</summary>
internal enum JournalMember
{
    /// <summary>None of them.</summary>
    Unknown,

    /// <summary>The trial's stage.</summary>
    Stage,

    /// <summary>The trial's number.</summary>
    Number,

    /// <summary>The trial's budget.</summary>
    Budget,

    /// <summary>The trial's seed.</summary>
    Seed,

    /// <summary>How it ended, or what else happened.</summary>
    State,

    /// <summary>The score.</summary>
    Score,

    /// <summary>How long it took.</summary>
    Seconds,

    /// <summary>Why it failed.</summary>
    Error,

    /// <summary>Which process ran it.</summary>
    Worker,

    /// <summary>When it began.</summary>
    Began,

    /// <summary>The claim.</summary>
    Epoch,

    /// <summary>The end of the lease.</summary>
    Until,

    /// <summary>The values of its point.</summary>
    Values,

    /// <summary>The further numbers.</summary>
    Metrics,

    /// <summary>The scores on the way.</summary>
    Reports,
}
