namespace DeepLearn.Search.Stores;

/// <summary>What happened to a trial.</summary>
public enum TrialChangeKind
{
    /// <summary>A process claimed it.</summary>
    Claimed,

    /// <summary>Its process let it go, or did not renew its lease: it may be claimed.</summary>
    Freed,

    /// <summary>It was completed.</summary>
    Ended,
}
