using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// What measurements read: the time of day by default, or the processor time of the calling thread, which leaves out what other programs
/// take from it. The latter is for one thread on a machine that cannot be had alone; caches and memory are shared all the same.
/// </summary>
internal static partial class Clock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Whether the calling thread's processor time is read. Linux alone has it here.</summary>
    public static bool UsesProcessorTime { get; set; }

    /// <summary>Whether this system tells a thread's processor time.</summary>
    public static bool HasProcessorTime => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>The time, from a beginning that is always the same, in seconds.</summary>
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
