namespace DeepLearn.Tests;

/// <summary>Measures what a piece of work allocates.</summary>
internal static class Allocation
{
    private const int Attempts = 10;

    /// <summary>The bytes that the calling thread allocates in one run, after some that have let the compiler settle.</summary>
    /// <remarks>
    /// A collection takes away the thread's unfinished block of up to 8 KiB, and the runtime counts what was left of it as allocated, a
    /// little later where it is still under way. So the least of several runs counts; what the work itself allocates, it allocates in each.
    /// </remarks>
    public static long Of(Action work) => Least(work, GC.GetAllocatedBytesForCurrentThread);

    /// <summary>The same over all threads of the process: for tests that run alone.</summary>
    public static long OfAllThreads(Action work) => Least(work, () => GC.GetTotalAllocatedBytes(precise: true));

    private static long Least(Action work, Func<long> allocated)
    {
        for (int i = 0; i < 3; i++)
            work();
        long bytes = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && bytes > 0; attempt++)
        {
            long before = allocated();
            work();
            bytes = Math.Min(bytes, allocated() - before);
        }
        return bytes;
    }
}
