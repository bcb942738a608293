using DeepLearn.Foundation;

namespace DeepLearn.Search.Stores;

/// <summary>
/// Where the trials of a search are kept as they end, so that the search can go on from them. Derive from it for a store of your own.
/// </summary>
public abstract class TrialStore
{
    /// <summary>Opens the store for one search, which has it alone until the log is disposed of.</summary>
    /// <param name="identity">
    /// What tells the search from others. A new store takes it on, and is that search's from then on, with trials or without.
    /// </param>
    /// <returns>The log, with the trials that the store holds.</returns>
    /// <exception cref="IdentityMismatchException">The store is another search's. It is left as it was.</exception>
    /// <exception cref="TrialStoreException">The store is in use, damaged, or not to be read or written.</exception>
    public abstract TrialLog Open(RunIdentity identity);
}
