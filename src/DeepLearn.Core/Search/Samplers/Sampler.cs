using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>How the values of a trial are chosen: an immutable value. Derive from it for a sampler of your own.</summary>
/// <remarks>
/// A sampler is a pure function of the request. What it is shown of its own stage depends on the trial's number alone and not on time: so a
/// search gives the same trials however many run at once, and after an interruption.
/// </remarks>
/// <example><code>
/// // A sampler of your own: the middle of every range first, and random points after it.
/// sealed record MiddleFirst : Sampler
/// {
///     public override string Description => "middle first";    // goes into the journal of a search
///
///     public override bool UsesHistory => false;               // its trials need not wait for earlier ones
///
///     public override SearchPoint Sample(SampleRequest request) =>
///         (request.Number == 0 ? (Sampler)new GridSampler(1) : new RandomSampler()).Sample(request);
/// }
/// </code></example>
public abstract record Sampler
{
    /// <summary>
    /// What tells this sampler from others: its name and options, the same in every culture. It goes into the header of a journal.
    /// </summary>
    public abstract string Description { get; }

    /// <summary>
    /// Whether the values of a trial depend on <see cref="SampleRequest.History"/>, so that the trial waits for the trials in it. Default:
    /// true; a sampler that does not look at it says false, and its trials wait for nothing.
    /// </summary>
    public virtual bool UsesHistory => true;

    /// <summary>The values of a trial.</summary>
    /// <param name="request">The trial, the space it comes from, and its random numbers.</param>
    /// <returns>A point of the request's space.</returns>
    public abstract SearchPoint Sample(SampleRequest request);

    /// <summary>How many trials a stage over a space can have.</summary>
    /// <param name="space">The space.</param>
    /// <returns>The number; <see cref="int.MaxValue"/> where there is no limit, which is the default.</returns>
    public virtual int MaximumTrials(SearchSpace space) => int.MaxValue;

    /// <summary>The description.</summary>
    public sealed override string ToString() => Description;
}
