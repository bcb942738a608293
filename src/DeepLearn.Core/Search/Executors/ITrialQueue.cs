namespace DeepLearn.Search.Executors;

/// <summary>
/// The trials of a stage that are still to be run, for a <see cref="TrialExecutor"/> to take. To be used from any thread.
/// </summary>
public interface ITrialQueue
{
    /// <summary>How many jobs there are at the most; fewer where the search ends early.</summary>
    int Count { get; }

    /// <summary>
    /// The next job. Waits where it depends on trials that have not ended: an executor runs what it has taken before it waits for more.
    /// </summary>
    /// <returns>The job, which never throws and is to be run once; null when there is none left or the search has been stopped.</returns>
    Action? Take();
}
