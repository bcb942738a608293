namespace DeepLearn.Benchmarks.Measuring;

/// <summary>Measures managed allocations.</summary>
internal static class Allocation
{
    /// <summary>
    /// The bytes that one call allocates, on any thread. It is the least of three attempts, since .NET's own threads allocate now and then.
    /// </summary>
    public static double PerCall(Action call, int calls = 8)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < calls; i++)
                call();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return (double)least / calls;
    }
}
