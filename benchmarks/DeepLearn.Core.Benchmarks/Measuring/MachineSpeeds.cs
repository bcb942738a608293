namespace DeepLearn.Benchmarks.Measuring;

/// <summary>What bounds a product besides the FMA peak, measured at the start of a run on one thread.</summary>
/// <param name="LinkNanoseconds">From a multiply-add to the next one that needs its result.</param>
/// <param name="Levels">The caches, from the smallest to the largest, and memory.</param>
internal sealed record MachineSpeeds(double LinkNanoseconds, IReadOnlyList<MemoryLevel> Levels)
{
    /// <summary>A multiply-add gives its result after four cycles, on every processor with AVX2 since 2016 that we know of.</summary>
    private const double CyclesOfLink = 4;

    /// <summary>One cycle.</summary>
    public double CycleNanoseconds => LinkNanoseconds / CyclesOfLink;

    /// <summary>The smallest of the levels that hold a working set.</summary>
    public MemoryLevel LevelOf(double bytes) => Levels.First(level => bytes <= level.HeldBytes);
}
