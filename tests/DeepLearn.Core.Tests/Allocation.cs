namespace DeepLearn.Tests;

/// <summary>Measures what a piece of work allocates on the calling thread.</summary>
internal static class Allocation
{
    private const int Attempts = 10;

    /// <summary>The bytes of one run, after some that have let the compiler settle.</summary>
    /// <remarks>
    /// A collection takes away the thread's unfinished block of up to 8 KiB, and the runtime counts what was left of it as allocated, a little
    /// later where it is still under way. So the least of several runs counts; what the work itself allocates, it allocates in each.
    /// </remarks>
    public static long Of(Action work)
    {
        for (int i = 0; i < 3; i++)
            work();
        long bytes = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && bytes > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return bytes;
    }
}
