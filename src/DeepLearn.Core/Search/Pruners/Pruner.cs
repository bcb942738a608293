namespace DeepLearn.Search.Pruners;

/// <summary>What tells a trial to stop early: an immutable value. Derive from it for a pruner of your own.</summary>
/// <remarks>
/// Were a trial compared with whichever others happen to have finished, the result of a search would depend on time. So a stage runs in
/// groups of <see cref="GroupSize"/> trials, by number: a group begins when the one before it has ended, and a trial is compared with the
/// trials of earlier groups alone. A pruner is a pure function of its request; then a pruned search gives the same results however many
/// trials run at once, and after an interruption. The price is that threads wait at the end of a group; a group that is a multiple of the
/// number of threads keeps it low.
/// </remarks>
public abstract record Pruner
{
    /// <summary>
    /// What tells this pruner from others: its name and options, the same in every culture. It goes into the header of a journal.
    /// </summary>
    public abstract string Description { get; }

    /// <summary>How many trials make a group, at least 1.</summary>
    public abstract int GroupSize { get; }

    /// <summary>Whether a trial is to stop.</summary>
    /// <param name="request">The trial, its reports, and the results it is compared with.</param>
    public abstract bool ShouldStop(PruneRequest request);

    /// <summary>The description.</summary>
    public sealed override string ToString() => Description;
}
