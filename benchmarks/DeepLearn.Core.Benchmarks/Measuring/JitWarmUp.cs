using System.Diagnostics;
using System.Runtime;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>Waits for the JIT.</summary>
internal static class JitWarmUp
{
    private const int CallsPerTurn = 40;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Calls something until the JIT has nothing more to do about it. What has been called thirty times is compiled again in the
    /// background, first to watch it and, after thirty more calls, for good; each time the JIT waits for a tenth of a second in which
    /// nothing new was called. So: calls and rests in turns, until two rests have passed without a method compiled.
    /// </summary>
    public static void Settle(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        int quiet = 0;
        while (quiet < 2 && Stopwatch.GetElapsedTime(start) < Limit)
        {
            long before = JitInfo.GetCompiledMethodCount();
            for (int call = 0; call < CallsPerTurn && Stopwatch.GetElapsedTime(start) < Limit; call++)
                action();
            Thread.Sleep(Rest);
            quiet = JitInfo.GetCompiledMethodCount() == before ? quiet + 1 : 0;
        }
    }
}
