namespace DeepLearn.Search.Stores;

/// <summary>What a line of a journal says about a trial.</summary>
internal enum JournalEntryKind
{
    /// <summary>It began, in the one process that had the journal.</summary>
    Started,

    /// <summary>It was stopped without a fault of its own.</summary>
    Abandoned,

    /// <summary>One of several processes claimed it.</summary>
    Claimed,

    /// <summary>That process goes on with it.</summary>
    Renewed,

    /// <summary>That process is gone.</summary>
    Lost,

    /// <summary>It ended.</summary>
    Ended,
}
