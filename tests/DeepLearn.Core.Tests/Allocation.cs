namespace DeepLearn.Tests;

/// <summary>Measures what a piece of work allocates on the calling thread.</summary>
internal static class Allocation
{
    private const int Attempts = 10;

    /// <summary>The bytes of one run, after some that have let the compiler settle.</summary>
    /// <remarks>
    /// A collection takes away the thread's unfinished block of up to 8 KiB, and the runtime counts what was left of it as allocated. So a run
    /// during which some other thread brought a collection about is measured again.
    /// </remarks>
    public static long Of(Action work)
    {
        for (int i = 0; i < 3; i++)
            work();
        long bytes = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (GC.CollectionCount(0) == collections)
                break;
        }
        return bytes;
    }
}
