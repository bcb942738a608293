namespace DeepLearn.Search.Executors;

/// <summary>What runs the trials of a search: an immutable value. Derive from it to run them some other way.</summary>
public abstract record TrialExecutor
{
    /// <summary>
    /// How many jobs run at the same time at the most. By default as many as the machine has processors; fewer where an executor says so, and
    /// then a trial may use threads beside its own. It changes no result.
    /// </summary>
    public virtual int Parallelism => Environment.ProcessorCount;

    /// <summary>Runs jobs, each at most once and on one thread, in any order and any number at the same time.</summary>
    /// <param name="jobs">The jobs. They never throw.</param>
    /// <param name="cancellationToken">Asks that no further job be started. The jobs under way learn of it by themselves.</param>
    /// <remarks>
    /// Returns when every job that was started has ended, and throws nothing on cancellation. Unless canceled, it has then run them all.
    /// </remarks>
    public abstract void Execute(IReadOnlyList<Action> jobs, CancellationToken cancellationToken);
}
