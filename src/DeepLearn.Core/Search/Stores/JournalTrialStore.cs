using DeepLearn.Foundation;

namespace DeepLearn.Search.Stores;

/// <summary>
/// Keeps trials in a file, one line for each as it ends. A search that was killed at any instant goes on from it, with the same results.
/// </summary>
/// <remarks>
/// The file is JSON Lines in UTF-8: a header that says which search it belongs to, then a line for each trial. Each line begins with a
/// checksum of the rest of it and is on the disk before the trial counts as done; a shorter line says that a trial has begun. A last line
/// that was being written when the power failed does not match its checksum and is cut off at the next start; its trial is run again.
/// Damage anywhere else is no torn write, and is an error. The file is locked while a search uses it, and the lock goes with the process,
/// however that ends; that the file system honors it is tested when the journal is opened.
/// </remarks>
/// <example><code>
/// var options = new SearchRunOptions { Store = new JournalTrialStore("trials.jsonl") };
/// search.Run(objective, options);                             // killed at any time, it goes on
/// Console.WriteLine(search.Run(objective, options).Best!.Trial);    // nothing is run again
/// </code></example>
public sealed class JournalTrialStore : TrialStore
{
    /// <summary>Makes a store in a file, which is made when a search opens it, with its folder, if it is not there.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public JournalTrialStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath = Path.GetFullPath(path);
    }

    /// <summary>The file's full path.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    public override TrialLog Open(RunIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return JournalLog.Open(FilePath, identity);
    }
}
