namespace DeepLearn.Benchmarks.Measuring;

/// <summary>What bounds a product besides the FMA peak, measured at the start of a run on one thread.</summary>
/// <param name="LinkNanoseconds">From a multiply-add to the next one that needs its result.</param>
/// <param name="FloatTransposing">
/// The bytes of float of rows along k, in the first cache, that a nanosecond turns into vectors across the rows.
/// </param>
/// <param name="DoubleTransposing">The same of double.</param>
/// <param name="Levels">The caches, from the smallest to the largest, and memory.</param>
internal sealed record MachineSpeeds(
    double LinkNanoseconds, double FloatTransposing, double DoubleTransposing, IReadOnlyList<MemoryLevel> Levels)
{
    /// <summary>The smallest of the levels that hold a working set.</summary>
    public MemoryLevel LevelOf(double bytes) => Levels.First(level => bytes <= level.HeldBytes);
}
