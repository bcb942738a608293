namespace DeepLearn.Search.Stores;

/// <summary>A trial that a process wants to run, of a search that several processes run: an immutable value.</summary>
/// <param name="Stage">The trial's stage.</param>
/// <param name="Number">The trial's number.</param>
/// <param name="Worker">The name of the process, for people who look into the store.</param>
/// <param name="Length">How long the lease lasts unless it is renewed, above 0.</param>
public sealed record TrialClaim(int Stage, int Number, string Worker, TimeSpan Length)
{
    /// <summary>
    /// A result of this epoch or an earlier one does not count, and is superseded by the one that the claim leads to. Default: 0, for none.
    /// </summary>
    public long After { get; init; }

    /// <summary>Whether the trial is taken from whoever has it, whose lease is lost then. Default: false.</summary>
    public bool TakesOver { get; init; }
}
