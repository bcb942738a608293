namespace DeepLearn.Benchmarks.Measuring;

/// <summary>A cache, or memory, and what it gives to one thread.</summary>
/// <param name="Name">Its name, as in "the own cache".</param>
/// <param name="HeldBytes">The largest working set that is taken to stay in it.</param>
/// <param name="Reading">Bytes a nanosecond that are read.</param>
/// <param name="Writing">Bytes a nanosecond that are written, without having been read.</param>
/// <param name="Updating">Bytes a nanosecond that are read and written again; each counts once.</param>
internal sealed record MemoryLevel(string Name, long HeldBytes, double Reading, double Writing, double Updating)
{
    /// <summary>Whether all threads share it, so that a second one need not bring more.</summary>
    public bool IsMemory => HeldBytes == long.MaxValue;
}
