using DeepLearn.Foundation;

namespace DeepLearn.Search.Stores;

/// <summary>
/// Keeps the trials of a search that several processes of one machine run in one file: the journal of <see cref="JournalTrialStore"/>,
/// with lines for claims.
/// </summary>
/// <remarks>
/// A process has the file for an instant at a time, by a lock on a file beside it; while one is stopped in that instant, the others
/// wait. Leases are on the machine's clock; where it jumps, a trial may be run twice, and one of its results counts. A process that finds
/// the journal unused takes every lease for lost, so that a search that was killed goes on at once. Over several machines use a database:
/// network file systems rarely hold what they promise about locks.
/// </remarks>
/// <example><code>
/// // Every process that runs this with the same file takes a part of the trials.
/// SearchResult found = search.Run(objective, new() { Store = new SharedJournalTrialStore("shared.jsonl"), Worker = "one" });
/// </code></example>
public sealed class SharedJournalTrialStore : SharedTrialStore
{
    /// <summary>Makes a store in a file, which is made when a search opens it, with its folder, if it is not there.</summary>
    /// <param name="path">The file's path. The lock is beside it, with <c>.lock</c> at the end of its name.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public SharedJournalTrialStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath = Path.GetFullPath(path);
    }

    /// <summary>The file's full path.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    public override SharedTrialLog Open(RunIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return SharedJournalLog.Open(FilePath, identity);
    }
}
