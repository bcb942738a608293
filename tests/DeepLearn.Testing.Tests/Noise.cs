namespace DeepLearn.Testing.Tests;

/// <summary>What makes code impure, as mistakes do.</summary>
internal static class Noise
{
    private static object? _kept;
    private static int _calls;
    private static int _inside;

    /// <summary>An allocation that the compiler cannot do away with; 0.</summary>
    public static int Allocate()
    {
        Volatile.Write(ref _kept, new object());
        return 0;
    }

    /// <summary>1, 2 or 3 in turn, by how often anybody has asked.</summary>
    public static int Turn() => 1 + (Interlocked.Increment(ref _calls) % 3);

    /// <summary>Whether another thread is here too: what a scratch buffer in a static field would tell.</summary>
    public static bool OthersAreHere()
    {
        if (!Thread.CurrentThread.IsBackground || Thread.CurrentThread.IsThreadPoolThread)
            return false;
        bool others = Interlocked.Increment(ref _inside) > 1;
        Thread.Sleep(1);
        others |= Volatile.Read(ref _inside) > 1;
        Interlocked.Decrement(ref _inside);
        return others;
    }
}
