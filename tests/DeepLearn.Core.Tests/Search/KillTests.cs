using System.Diagnostics;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search;

/// <summary>A search in a process of its own, which is killed while trials are under way.</summary>
public sealed class KillTests : IDisposable
{
    private const string Variable = "DEEPLEARN_TEST_JOURNAL";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKilledSearchGoesOnFromItsJournal()
    {
        string path = _folder.File("trials.jsonl");
        CoarseToFineSearch search = Searches.TwoStages(12);
        int before = 0;
        foreach (int atLeast in new[] { 1, 12 })
        {
            Kill(path, atLeast);
            int lines = File.ReadAllBytes(path).Count(b => b == '\n') - 1;
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

    /// <summary>What the other process does; it runs only where it is asked for by name.</summary>
    [Fact(Explicit = true)]
    public void TheOtherProcess()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        if (path is null)
            Assert.Skip($"Runs in a process of its own, with the environment variable {Variable}.");
        Searches.TwoStages(12).Run(
            (trial, context, token) =>
            {
                // The last trial never ends, so that the process is killed while it has one under way.
                Thread.Sleep(trial is { Stage: 1, Number: 12 } ? Timeout.Infinite : 15);
                return Searches.Objective(trial, context, token);
            },
            new() { Store = new JournalTrialStore(path), Executor = new ThreadExecutor(2) });
    }

    private static void Kill(string path, int trials)
    {
        string program = "DeepLearn.Core.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program))
        {
            ArgumentList = { "-explicit", "only", "-method", $"{typeof(KillTests).FullName}.{nameof(TheOtherProcess)}" },
            Environment = { [Variable] = path },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            // A line of this search has at least 200 bytes, and the header and the longest line together have at most 1,000.
            var patience = Stopwatch.StartNew();
            while (!process.HasExited && (!File.Exists(path) || new FileInfo(path).Length < 600 + (trials * 400)))
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "The other process wrote no journal.");
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
