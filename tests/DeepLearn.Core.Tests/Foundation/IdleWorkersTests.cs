using System.Globalization;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Foundation;

/// <summary>A pool without work costs nothing. Alone, since other tests make pools too.</summary>
[Collection(Alone.Name)]
public class IdleWorkersTests
{
    [Fact]
    public void WorkerPool_idle_threads_sleep_and_are_never_switched_to()
    {
        RequireLinux();
        string[] before = Workers();
        using var pool = new WorkerPool(4);
        var body = default(Nothing);
        pool.Run(ref body, 4);
        WaitForWorkers(3, before);
        string[] workers = [.. Workers().Except(before)];
        for (int attempt = 0; attempt < 200 && !workers.All(Sleeps); attempt++)
            Thread.Sleep(10);

        // A thread that wakes up to look is switched to; one that spins does not sleep.
        long[] switches = [.. workers.Select(SwitchesOf)];
        Thread.Sleep(300);
        Assert.Equal(switches, workers.Select(SwitchesOf));
        Assert.All(workers, worker => Assert.True(Sleeps(worker)));
    }

    [Fact]
    public void WorkerPool_starts_its_threads_with_the_first_work_worth_them()
    {
        RequireLinux();
        string[] before = Workers();
        using var pool = new WorkerPool(3);
        Multiply(pool, 50);
        Thread.Sleep(50);
        Assert.Empty(Workers().Except(before));
        Multiply(pool, 500);
        WaitForWorkers(2, before);
    }

    [Fact]
    public void WorkerPool_collected_without_dispose_ends_its_threads()
    {
        RequireLinux();
        string[] before = Workers();
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        WaitForWorkers(0, before);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget()
        {
            var pool = new WorkerPool(3);
            Multiply(pool, 500);
            WaitForWorkers(2, before);
            GC.KeepAlive(pool);
        }
    }

    private static void Multiply(WorkerPool pool, int size)
    {
        Matrix<float> a = new(size, size), c = new(size, size);
        MatrixProduct.Multiply<float>(a, a, new ProductOptions<float>(), pool, c);
    }

    // A thread has its name a little after its start, and is gone a little after its end.
    private static void WaitForWorkers(int count, string[] before)
    {
        for (int attempt = 0; attempt < 200 && Workers().Except(before).Count() != count; attempt++)
            Thread.Sleep(10);
        Assert.Equal(count, Workers().Except(before).Count());
    }

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Threads and their processor time are read from /proc, which only Linux has.");
    }

    private static string[] Workers() => [.. Directory.GetDirectories("/proc/self/task").Where(IsWorker)];

    private static long SwitchesOf(string task) =>
        File.ReadLines(Path.Combine(task, "status"))
            .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture));

    private static bool Sleeps(string task) =>
        File.ReadLines(Path.Combine(task, "status")).Any(line => line.StartsWith("State:\tS", StringComparison.Ordinal));

    private static bool IsWorker(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("DeepLearn", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it has just ended
        }
    }

    private struct Nothing : IParallelBody
    {
        public readonly void Run(int part)
        {
        }
    }
}
