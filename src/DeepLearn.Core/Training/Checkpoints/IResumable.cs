using DeepLearn.Foundation;

namespace DeepLearn.Training.Checkpoints;

/// <summary>
/// What a callback implements that remembers anything on which the rest of a run depends, so that checkpoints hold it. The library's own
/// callbacks do no more than that.
/// </summary>
/// <remarks>
/// A callback that only looks (progress, plots) has no need of it, and may be there or not when a run goes on. Those that implement it must
/// be the same, in the same order.
/// </remarks>
public interface IResumable
{
    /// <summary>Writes down what it remembers, and the options that it was made with.</summary>
    /// <param name="state">Where to; names are its own, each used once.</param>
    void Save(StateWriter state);

    /// <summary>
    /// Reads and checks all that <see cref="Save"/> wrote, options by <see cref="StateReader.Require(string, double)"/> and its kin, and
    /// changes nothing yet.
    /// </summary>
    /// <param name="state">Where from; of use during the call alone.</param>
    /// <returns>
    /// What puts it in place. It is called once everything else in the checkpoint has been read and checked too, and must not fail.
    /// </returns>
    /// <exception cref="IdentityMismatchException">The options differ, or something is missing.</exception>
    Action Load(StateReader state);
}
