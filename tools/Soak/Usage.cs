using System.Diagnostics;

namespace DeepLearn.Tools.Soak;

/// <summary>What the process holds at one moment, after all garbage was collected.</summary>
/// <param name="Heap">Bytes of live objects on the managed heap.</param>
/// <param name="Resident">Bytes of the process in memory.</param>
/// <param name="Files">Open files, sockets and mappings; 0 where the system does not tell.</param>
/// <param name="Threads">Threads of the operating system.</param>
internal readonly record struct Usage(long Heap, long Resident, int Files, int Threads)
{
    public static Usage Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        int files = Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
        return new Usage(GC.GetTotalMemory(forceFullCollection: false), process.WorkingSet64, files, process.Threads.Count);
    }

    public override string ToString() => $"heap {Heap / 1e6:f2} MB, resident {Resident / 1e6:f1} MB, {Files} files, {Threads} threads";
}
