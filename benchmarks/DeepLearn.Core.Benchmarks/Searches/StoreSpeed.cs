using System.Diagnostics;
using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.PostgreSql;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>How many claims, completions, heartbeats and questions a second a store that processes share takes.</summary>
/// <param name="connection">The database; null for a journal.</param>
internal sealed class StoreSpeed(string? connection)
{
    private const double SecondsEach = 1.5;

    private static readonly SingleStageSearch Search =
        new(new SearchSpace([.. Enumerable.Range(0, 8).Select(i => (Dimension)new UniformDimension($"x{i}", 0, 1))]), 1_000_000);

    /// <summary>Measures with some numbers of processes, each stood for by a thread with a log of its own.</summary>
    public IEnumerable<SpeedRow> Run()
    {
        foreach (int workers in new[] { 1, 4, 16 })
        {
            foreach (SpeedRow row in Run(connection, workers, ""))
                yield return row;
        }

        // What is left of the time where no commit waits until it is on the disk.
        if (connection is null)
            yield break;
        foreach (SpeedRow row in Run(connection + ";Options=-c synchronous_commit=off", 16, " that do not wait for the disk"))
            yield return row;
    }

    private static IEnumerable<SpeedRow> Run(string? connection, int workers, string how)
    {
        string name = $"{Guid.NewGuid()}", folder = Path.GetTempPath(), path = Path.Combine(folder, $"{name}.jsonl");
        SharedTrialStore store = connection is null ? new SharedJournalTrialStore(path) : new PostgreSqlTrialStore(connection, name);
        SharedTrialLog[] logs = [.. Enumerable.Range(0, workers).Select(_ => store.Open(Search.Identity()))];
        List<TrialLease>[] leases = [.. Enumerable.Range(0, workers).Select(_ => new List<TrialLease>())];
        yield return Row($"claims{how}", workers, (worker, i) =>
        {
            leases[worker].Add(logs[worker].TryClaim(new(0, (i * workers) + worker, "benchmark", TimeSpan.FromHours(1)))!);
            return true;
        });
        yield return Row($"heartbeats{how}", workers, (worker, i) =>
            leases[worker].Count > 0 && logs[worker].Renew(leases[worker][i % leases[worker].Count]));
        yield return Row($"completions{how}", workers, (worker, i) =>
        {
            if (i < leases[worker].Count)
                logs[worker].Complete(leases[worker][i], Result(leases[worker][i].Number));
            return i < leases[worker].Count;
        });
        long[] cursors = [.. logs.Select(log => log.ReadSince(0).Cursor)];
        yield return Row($"questions for news{how}", workers, (worker, _) =>
        {
            cursors[worker] = logs[worker].ReadSince(cursors[worker]).Cursor;
            return true;
        });
        foreach (SharedTrialLog log in logs)
            log.Dispose();
        File.Delete(path);
    }

    private static TrialResult Result(int number)
    {
        SearchPoint point = new RandomSampler().Sample(new(Search.Space, RandomKey.FromSeed(1), 0, number));
        return new(new Trial(0, number, 1, 0, point), TrialState.Completed, 1);
    }

    private static SpeedRow Row(string what, int workers, Func<int, int, bool> call)
    {
        var counts = new int[workers];
        long begin = Stopwatch.GetTimestamp();
        Thread[] threads =
        [
            .. Enumerable.Range(0, workers).Select(worker => new Thread(() =>
            {
                while (Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsEach && call(worker, counts[worker]))
                    counts[worker]++;
            })),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        double took = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return new($"{what}, {workers} processes", counts.Sum(), took / Math.Max(1, counts.Sum()));
    }
}
