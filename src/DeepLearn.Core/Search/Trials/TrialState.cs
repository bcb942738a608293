namespace DeepLearn.Search.Trials;

/// <summary>How a trial ended.</summary>
public enum TrialState
{
    /// <summary>With a score.</summary>
    Completed,

    /// <summary>With a score, after the pruner had told it to stop early.</summary>
    Pruned,

    /// <summary>With an exception, or with a score that is infinite or not a number.</summary>
    Failed,
}
