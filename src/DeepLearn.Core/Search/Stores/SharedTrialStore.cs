using DeepLearn.Foundation;

namespace DeepLearn.Search.Stores;

/// <summary>
/// A store that several processes, on one machine or on many, use at the same time for one search: each runs the whole search, and claims
/// its trials one by one. Derive from it for a store of your own.
/// </summary>
/// <remarks>
/// There is no leader. The trials are functions of the search and of earlier results, so that every process knows them all; what the
/// processes share is which of them are claimed and how they ended. The results are those of one process alone.
/// </remarks>
public abstract class SharedTrialStore : TrialStore
{
    /// <summary>Opens the store for a search, beside others that have it open for the same one.</summary>
    /// <param name="identity">
    /// What tells the search from others. A new store takes it on, and is that search's from then on, with trials or without.
    /// </param>
    /// <returns>The log, with the trials that the store holds.</returns>
    /// <exception cref="IdentityMismatchException">The store is another search's. It is left as it was.</exception>
    /// <exception cref="TrialStoreException">The store is damaged, or not to be read or written.</exception>
    public abstract override SharedTrialLog Open(RunIdentity identity);
}
