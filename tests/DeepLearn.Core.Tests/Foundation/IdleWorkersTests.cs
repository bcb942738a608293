using System.Globalization;
using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Tests.Foundation;

/// <summary>A pool without work costs nothing. Alone, since other tests make pools too.</summary>
[Collection(Alone.Name)]
public class IdleWorkersTests
{
    [Fact]
    public void IdleThreadsTakeNoProcessorTime()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The processor time of one thread is read from /proc, which only Linux has.");
        string[] before = Directory.GetDirectories("/proc/self/task");
        using var pool = new WorkerPool(4);
        var body = default(Nothing);
        pool.Run(ref body, 4);
        Thread.Sleep(200);
        string[] workers = [.. Directory.GetDirectories("/proc/self/task").Except(before).Where(IsWorker)];
        Assert.Equal(3, workers.Length);
        long[] first = [.. workers.Select(SwitchesOf)];
        Thread.Sleep(300);
        Assert.Equal(first, workers.Select(SwitchesOf));
    }

    // A thread that sleeps is not switched to; one that spins, or wakes up to look, is.
    private static long SwitchesOf(string task) =>
        File.ReadLines(Path.Combine(task, "status"))
            .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture));

    private static bool IsWorker(string task) =>
        File.ReadAllText(Path.Combine(task, "comm")).StartsWith("DeepLearn", StringComparison.Ordinal);

    private struct Nothing : IParallelBody
    {
        public readonly void Run(int part)
        {
        }
    }
}
