namespace DeepLearn.Search.Executors;

/// <summary>
/// The trials of a stage that are still to be run, for a <see cref="TrialExecutor"/> to take. To be used from any thread.
/// </summary>
public interface ITrialQueue
{
    /// <summary>How many jobs there are at the most; fewer where the search ends early.</summary>
    int Count { get; }

    /// <summary>
    /// The next job. It waits if the job depends on trials that have not ended. If those were taken and none of them has begun, it runs the
    /// first of them itself: an executor may take several jobs before it runs one, and must not wait for itself.
    /// </summary>
    /// <returns>
    /// The job, which never throws and does nothing if it is run a second time; null when there is none left or the search has been
    /// stopped.
    /// </returns>
    Action? Take();
}
