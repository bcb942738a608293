namespace DeepLearn.Tools.Fuzz;

/// <summary>A reader, and valid files to start from.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Seeds">Valid files.</param>
/// <param name="Read">Reads a file.</param>
/// <param name="IsOwn">Whether an exception is one that the reader may throw.</param>
public sealed record Reader(string Name, IReadOnlyList<byte[]> Seeds, Action<string> Read, Func<Exception, bool> IsOwn)
{
    /// <summary>Whether the message of an exception must contain the path of the file.</summary>
    public bool NamesFile { get; init; } = true;

    /// <summary>What the damaged file is called, with folders, within a folder of the reader's own.</summary>
    public string FileName { get; init; } = "damaged";

    /// <summary>Writes what has to be in that folder beside the damaged file; null where nothing has to.</summary>
    public Action<string>? Surroundings { get; init; }

    /// <summary>
    /// The bytes that a reader may allocate for each byte of a file, beside <see cref="FuzzRun.FixedAllocation"/>; about a thousand for
    /// compressed files.
    /// </summary>
    public long AllocationFactor { get; init; } = 64;
}
