namespace DeepLearn.Tests;

/// <summary>Measures what a piece of work allocates on the calling thread.</summary>
internal static class Allocation
{
    /// <summary>The bytes of one run, after some that have let the compiler settle.</summary>
    public static long Of(Action work)
    {
        for (int i = 0; i < 3; i++)
            work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
