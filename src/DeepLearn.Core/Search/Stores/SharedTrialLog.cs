using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>
/// An open <see cref="SharedTrialStore"/>: trials are claimed before they are run, and completed at most once for each claim. Calls come
/// one at a time, from any thread.
/// </summary>
/// <remarks>
/// A claim is a lease: it lasts for a while on the store's own clock and is renewed meanwhile. One that was not renewed in time may be
/// taken by another process; the epoch, which grows with every claim of a trial, then keeps the late one from completing the trial (after
/// Gray and Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency", 1989). A call that throws
/// <see cref="TrialStoreUnavailableException"/> may be made again, and then counts once.
/// </remarks>
public abstract class SharedTrialLog : TrialLog
{
    private static readonly TimeSpan AloneLength = TimeSpan.FromMinutes(1);

    // The leases of those who use the log as if they had it alone.
    private readonly Dictionary<(int Stage, int Number), TrialLease> _started = [];

    /// <summary>How long to wait, at the most, before what others did is asked for again. Default: 1 s.</summary>
    public virtual TimeSpan Pause => TimeSpan.FromSeconds(1);

    /// <summary>Claims a trial.</summary>
    /// <param name="claim">The trial, and for how long.</param>
    /// <returns>The lease; null where another process has one that has not run out, or the trial has been completed.</returns>
    /// <exception cref="TrialStoreUnavailableException">The store cannot be reached for now.</exception>
    /// <exception cref="TrialStoreException">The store cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract TrialLease? TryClaim(TrialClaim claim);

    /// <summary>Renews a lease: it lasts for its length from now on.</summary>
    /// <param name="lease">The lease.</param>
    /// <returns>False where it was lost: another process has claimed the trial since, or it was completed or released.</returns>
    /// <exception cref="TrialStoreUnavailableException">The store cannot be reached for now.</exception>
    /// <exception cref="TrialStoreException">The store cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract bool Renew(TrialLease lease);

    /// <summary>
    /// Completes a trial, unless another process has claimed it since. A lease that ran out and that nobody else took still completes it.
    /// </summary>
    /// <param name="lease">The lease.</param>
    /// <param name="result">How the trial ended.</param>
    /// <returns>Whether the result is the trial's: then it is safe. A second call with the same lease changes nothing.</returns>
    /// <exception cref="ArgumentException">The result is of another trial.</exception>
    /// <exception cref="TrialStoreUnavailableException">The store cannot be reached for now.</exception>
    /// <exception cref="TrialStoreException">The store cannot be written. What was kept before is not touched.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract bool Complete(TrialLease lease, TrialResult result);

    /// <summary>
    /// Gives up a lease without a fault of the trial's, such as when the search is canceled: lost claims of it do not count any more. Does
    /// nothing where the lease was lost.
    /// </summary>
    /// <param name="lease">The lease.</param>
    /// <exception cref="TrialStoreUnavailableException">The store cannot be reached for now.</exception>
    /// <exception cref="TrialStoreException">The store cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract void Release(TrialLease lease);

    /// <summary>What happened since an earlier call, by this process and by others.</summary>
    /// <param name="cursor">Where the earlier call ended; 0 for everything.</param>
    /// <exception cref="TrialStoreUnavailableException">The store cannot be reached for now.</exception>
    /// <exception cref="TrialStoreException">The store cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public abstract TrialChanges ReadSince(long cursor);

    /// <summary>
    /// Claims a trial, from whoever has it: for a process that has the store to itself. <see cref="TryClaim"/> is for all others.
    /// </summary>
    /// <inheritdoc/>
    public sealed override void Start(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        _started[(trial.Stage, trial.Number)] = Claim(trial);
    }

    /// <inheritdoc/>
    public sealed override void Abandon(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        Release(_started.Remove((trial.Stage, trial.Number), out TrialLease? lease) ? lease : Claim(trial));
    }

    /// <inheritdoc/>
    public sealed override void Append(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        bool isStarted = _started.Remove((result.Trial.Stage, result.Trial.Number), out TrialLease? lease);
        if (!(isStarted && Complete(lease!, result)) && !Complete(Claim(result.Trial), result))
            throw new TrialStoreException($"{result.Trial} was claimed by another process in the same instant.");
    }

    private TrialLease Claim(Trial trial) =>
        TryClaim(new(trial.Stage, trial.Number, WorkerName.OfThisProcess, AloneLength) { After = long.MaxValue, TakesOver = true })
        ?? throw new TrialStoreException($"{trial} could not be claimed.");
}
