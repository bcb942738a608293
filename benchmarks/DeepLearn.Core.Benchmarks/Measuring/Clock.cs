using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// The clock of measurements: elapsed time by default, or the processor time of the calling thread, which does not count the time that
/// other programs take. The latter is for one thread on a machine that others use too; caches and memory are still shared with them.
/// </summary>
internal static partial class Clock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Whether the processor time of the calling thread is read, which is implemented for Linux only.</summary>
    public static bool UsesProcessorTime { get; set; }

    /// <summary>Whether this system can tell the processor time of a thread.</summary>
    public static bool HasProcessorTime => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>The time in seconds since a fixed point.</summary>
    public static double Seconds
    {
        get
        {
            if (!UsesProcessorTime)
                return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
            GetTime(ThreadCpuTime, out TimeSpec time);
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
