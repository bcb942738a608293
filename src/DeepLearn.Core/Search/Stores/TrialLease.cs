namespace DeepLearn.Search.Stores;

/// <summary>The right to run a trial and to say what came of it, for a while: an immutable value.</summary>
/// <param name="Stage">The trial's stage.</param>
/// <param name="Number">The trial's number.</param>
/// <param name="Epoch">
/// Which claim of the trial it is, from 1, growing with each. Only the newest one can complete the trial: a process that was stopped for
/// longer than its lease, and whose trial another has claimed since, cannot.
/// </param>
/// <param name="Length">How long it lasts from each renewal.</param>
public sealed record TrialLease(int Stage, int Number, long Epoch, TimeSpan Length)
{
    /// <summary>
    /// How many claims before this one were lost since the trial was last completed or released: each a process that ended, or was cut
    /// off for longer than its lease, while the trial was under way.
    /// </summary>
    public int Lost { get; init; }
}
