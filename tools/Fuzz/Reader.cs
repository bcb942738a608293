namespace DeepLearn.Tools.Fuzz;

/// <summary>A reader, and good files to begin with.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Seeds">Files that it reads.</param>
/// <param name="Read">Reads a file.</param>
/// <param name="IsOwn">Whether an exception is one that the reader may throw.</param>
public sealed record Reader(string Name, IReadOnlyList<byte[]> Seeds, Action<string> Read, Func<Exception, bool> IsOwn)
{
    /// <summary>Whether a message must hold the path of the file.</summary>
    public bool NamesFile { get; init; } = true;

    /// <summary>How many times the size of a file a reader may allocate, beside <see cref="FuzzRun.FixedAllocation"/>: a thousand times
    /// where it is compressed.</summary>
    public long AllocationFactor { get; init; } = 64;
}
