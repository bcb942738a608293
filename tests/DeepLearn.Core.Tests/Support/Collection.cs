using Xunit;

namespace DeepLearn.Tests.Support;

/// <summary>What the garbage collector has taken.</summary>
internal static class Collection
{
    /// <summary>
    /// Waits until an object is gone that nobody is to hold any more. Another thread may hold it yet, on its way to its rest, for as long
    /// as a busy machine gives it no turn.
    /// </summary>
    public static void AssertTakes(WeakReference target)
    {
        for (int attempt = 0; attempt < 1000 && target.IsAlive; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }
        Assert.False(target.IsAlive);
    }
}
