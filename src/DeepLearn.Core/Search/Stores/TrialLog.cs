using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>
/// An open <see cref="TrialStore"/>: the trials that it held when it was opened, and a way to add to them. Calls come one at a time, from
/// any thread.
/// </summary>
public abstract class TrialLog : IDisposable
{
    /// <summary>
    /// The trials that the store held when it was opened, each once with its last result, in the order in which they ended.
    /// </summary>
    public abstract IReadOnlyList<TrialResult> Recorded { get; }

    /// <summary>
    /// How often a trial was started before the store was opened, and neither ended nor was abandoned since: each time the process ended
    /// while it was under way.
    /// </summary>
    /// <param name="trial">The trial; its stage and number count.</param>
    public abstract int StartsOf(Trial trial);

    /// <summary>
    /// Keeps that a trial begins: when the call returns, it is safe from the end of the process, though not of the machine.
    /// </summary>
    /// <param name="trial">The trial.</param>
    /// <exception cref="TrialStoreException">It could not be kept.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract void Start(Trial trial);

    /// <summary>
    /// Keeps that a trial was stopped without a fault of its own, such as by cancellation: its starts do not count any more.
    /// </summary>
    /// <param name="trial">The trial.</param>
    /// <exception cref="TrialStoreException">It could not be kept.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract void Abandon(Trial trial);

    /// <summary>
    /// Keeps a trial that has ended, in place of an earlier result of the same stage and number. When the call returns, the trial is safe.
    /// </summary>
    /// <param name="result">The trial.</param>
    /// <exception cref="TrialStoreException">The trial could not be kept. What was kept before is not touched.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract void Append(TrialResult result);

    /// <summary>Closes the log and lets others open the store. A second call does nothing.</summary>
    public abstract void Dispose();
}
