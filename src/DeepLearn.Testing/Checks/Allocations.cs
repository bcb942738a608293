namespace DeepLearn.Testing.Checks;

/// <summary>Measures what a piece of work allocates on the calling thread.</summary>
internal static class Allocations
{
    private const int WarmUps = 3, Attempts = 10;

    /// <summary>Expects that a piece of work allocates nothing, once it has been run a few times.</summary>
    /// <remarks>
    /// The runtime counts the unused rest of a thread's block as allocated when a collection takes the block away, and the compiler may
    /// replace a method at any time. So the least of several runs counts: what the work itself allocates, it allocates in each.
    /// </remarks>
    public static void ExpectNone(Action work, string what)
    {
        for (int i = 0; i < WarmUps; i++)
            work();
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Expect.That(least == 0, $"{what}: no bytes allocated", $"{least} bytes in each run");
    }
}
