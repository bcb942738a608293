namespace DeepLearn.Tests;

/// <summary>Measures what a piece of work allocates.</summary>
/// <remarks>
/// The work runs a few times first, so that what is made once is made. A collection takes away the thread's unfinished block of up to
/// 8 KiB, and the runtime counts what was left of it as allocated, a little later if the collection is still under way; and the runtime's
/// own threads allocate now and then. So the least of several attempts counts: what the work itself allocates, it allocates in each.
/// </remarks>
internal static class Allocation
{
    private const int WarmUps = 3, Attempts = 20;

    /// <summary>The bytes that the calling thread allocates in some runs of the work.</summary>
    public static long Of(Action work, int times = 1) => Least(work, times, GC.GetAllocatedBytesForCurrentThread);

    /// <summary>The bytes that all threads of the process allocate in some runs of the work: for tests that run alone.</summary>
    public static long OfAllThreads(Action work, int times = 1) => Least(work, times, () => GC.GetTotalAllocatedBytes(precise: true));

    private static long Least(Action work, int times, Func<long> allocated)
    {
        for (int i = 0; i < WarmUps * times; i++)
            work();
        long bytes = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && bytes > 0; attempt++)
        {
            long before = allocated();
            for (int i = 0; i < times; i++)
                work();
            bytes = Math.Min(bytes, allocated() - before);
        }
        return bytes;
    }
}
