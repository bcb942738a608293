namespace DeepLearn.Search.Executors;

/// <summary>What runs the trials of a search: an immutable value. Derive from it to run them some other way.</summary>
public abstract record TrialExecutor
{
    /// <summary>
    /// How many jobs run at the same time at the most. By default as many as the machine has processors; fewer where an executor says so,
    /// and then a trial may use threads beside its own. It changes no result.
    /// </summary>
    public virtual int Parallelism => Environment.ProcessorCount;

    /// <summary>Takes jobs from a queue until there are none, and runs each once, on one thread, any number at the same time.</summary>
    /// <param name="queue">The jobs.</param>
    /// <remarks>
    /// Returns when every job that was taken has ended, and throws nothing on cancellation: the queue is then empty, and the jobs under way
    /// learn of it by themselves.
    /// </remarks>
    public abstract void Execute(ITrialQueue queue);
}
