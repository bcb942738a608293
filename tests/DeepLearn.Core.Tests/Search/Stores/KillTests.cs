using System.Diagnostics;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Stores;

/// <summary>A search in a process of its own, which is killed while trials are under way.</summary>
public class KillTests
{
    private const string Variable = "DEEPLEARN_TEST_JOURNAL";

    [Fact]
    public void Search_killed_process_goes_on_from_its_journal()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("trials.jsonl");
        CoarseToFineSearch search = Searches.TwoStages(12);
        int before = 0;
        foreach (int atLeast in new[] { 1, 12 })
        {
            Kill(path, atLeast);
            int lines = File.ReadAllLines(path).Count(line => line.Contains("\"score\":"));
            Assert.InRange(lines, Math.Max(atLeast, before), 24);
            before = lines;
        }
        int runs = 0;
        SearchResult resumed = search.Run(
            (trial, context, token) =>
            {
                Interlocked.Increment(ref runs);
                return Searches.Objective(trial, context, token);
            },
            new() { Store = new JournalTrialStore(path) });
        Assert.InRange(runs, 25 - before - 1, 25 - before);
        Assert.Equal(search.Run(Searches.Objective).Timeless(), resumed.Timeless());
    }

    /// <summary>What the other process runs. Where there is no other process, it runs to its end.</summary>
    [Fact]
    public void Search_that_is_killed_by_another_test_ends_where_nobody_kills_it()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        SearchResult result = Searches.TwoStages(12).Run(
            (trial, context, token) =>
            {
                // The last trial never ends, so that the process is killed while it has one under way.
                if (path is not null)
                    Thread.Sleep(trial is { Stage: 1, Number: 12 } ? Timeout.Infinite : 15);
                return Searches.Objective(trial, context, token);
            },
            new() { Store = path is null ? null : new JournalTrialStore(path), Executor = new ThreadExecutor(2) });
        Assert.Equal(25, result.Ranked.Count(r => r.State == TrialState.Completed));
    }

    private static void Kill(string path, int trials)
    {
        string program = "DeepLearn.Core.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program))
        {
            ArgumentList =
            { "-method", $"{typeof(KillTests).FullName}.{nameof(Search_that_is_killed_by_another_test_ends_where_nobody_kills_it)}" },
            Environment = { [Variable] = path },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            // The header has fewer than 800 bytes, the two lines of a trial together fewer than 500, and two trials are under way at once.
            var patience = Stopwatch.StartNew();
            while (!process.HasExited && (!File.Exists(path) || new FileInfo(path).Length < 1000 + (trials * 500)))
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(5), "The other process wrote no journal.");
                Thread.Sleep(5);
            }
            if (process.HasExited)
                Assert.Fail($"The other process ended by itself: {process.StandardOutput.ReadToEnd()}");
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
