using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>An open <see cref="TrialStore"/>: the trials that it held when it was opened, and a way to add to them.</summary>
public abstract class TrialLog : IDisposable
{
    /// <summary>The trials that the store held when it was opened, in the order in which they ended.</summary>
    public abstract IReadOnlyList<TrialResult> Recorded { get; }

    /// <summary>
    /// Keeps a trial that has ended. When the call returns, the trial is safe. Calls come one at a time, from any thread.
    /// </summary>
    /// <param name="result">The trial.</param>
    /// <exception cref="TrialStoreException">The trial could not be kept. What was kept before is not touched.</exception>
    public abstract void Append(TrialResult result);

    /// <summary>Lets others open the store.</summary>
    public abstract void Dispose();
}
