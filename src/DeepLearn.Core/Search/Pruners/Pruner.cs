namespace DeepLearn.Search.Pruners;

/// <summary>What tells a trial to stop early: an immutable value. Derive from it for a pruner of your own.</summary>
/// <remarks>
/// A pruner is a pure function of its request. Were a trial compared with whichever others happen to have finished, the result of a search
/// would depend on time. So trial n is compared with the trials up to n - <see cref="HyperparameterSearch.Window"/> of its stage, and does
/// not begin before they have ended: a pruned search gives the same results however many trials run at once, and after an interruption.
/// </remarks>
/// <example><code>
/// // A pruner of your own: ends a trial whose third report is below a limit.
/// sealed record LimitPruner(double Lowest) : Pruner
/// {
///     public override string Description => FormattableString.Invariant($"third report below {Lowest:R}");
///
///     public override bool UsesHistory => false;
///
///     public override bool ShouldStop(PruneRequest request) =>
///         request.Reports.Count &gt;= 3 &amp;&amp; !(request.Reports[2].Score &gt;= Lowest);
/// }
/// </code></example>
public abstract record Pruner
{
    /// <summary>
    /// What tells this pruner from others: its name and options, the same in every culture. It goes into the header of a journal.
    /// </summary>
    public abstract string Description { get; }

    /// <summary>
    /// Whether the answer depends on <see cref="PruneRequest.History"/>, so that a trial waits for the trials in it. Default: true; a
    /// pruner that looks at a trial's own reports alone says false, and its trials wait for nothing.
    /// </summary>
    public virtual bool UsesHistory => true;

    /// <summary>Whether a trial is to stop.</summary>
    /// <param name="request">The trial, its reports, and the results it is compared with.</param>
    public abstract bool ShouldStop(PruneRequest request);

    /// <summary>The description.</summary>
    public sealed override string ToString() => Description;
}
