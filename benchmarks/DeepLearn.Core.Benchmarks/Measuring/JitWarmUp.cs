using System.Diagnostics;
using System.Runtime;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>Calls code until the JIT has compiled it for good.</summary>
internal static class JitWarmUp
{
    private const int CallsPerTurn = 40;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Calls an action until the JIT has nothing more to compile. A method that has been called thirty times is compiled again in the
    /// background: first with instrumentation and, after thirty more calls, for good. Each time the JIT first waits for a tenth of a second
    /// in which no new method was called. So calls and pauses alternate, until no method was compiled in two pauses.
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
