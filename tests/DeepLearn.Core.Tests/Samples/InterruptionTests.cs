using System.Text.Json;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>A search that is stopped or killed keeps what it has done, and comes to the same end when it goes on.</summary>
[Collection(WholeRunCollection.Name)]
public sealed class InterruptionTests(WholeRun whole)
{
    private static readonly string[] Options = ["search", "--quick", "--synthetic", "--seed", "3", "--threads", "2"];

    [Theory]
    [InlineData(SampleProcess.SigInt)]
    [InlineData(SampleProcess.SigTerm)]
    public void TwoLayerCifar10_stopped_search_keeps_its_trials_and_resumes(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows has not.");
        using var folder = new TemporaryFolder();
        SampleRun stopped = StopAfterTheFirstTrial(folder["out"], signal);

        Assert.True(stopped.ExitCode == 130, stopped.ToString());
        string line = Assert.Single(stopped.Error);
        Assert.Contains("same command goes on", line);
        Assert.Contains(folder["out"], line);
        JsonElement partial = WholeRun.ReadReport(folder["out"]);
        Assert.InRange(CountTrials(partial), 1, 7);
        AssertGoesOn(folder["out"]);
    }

    [Fact]
    public void TwoLayerCifar10_killed_search_resumes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows has not.");
        using var folder = new TemporaryFolder();
        StopAfterTheFirstTrial(folder["out"], SampleProcess.SigKill);
        AssertGoesOn(folder["out"]);
    }

    private void AssertGoesOn(string folder)
    {
        SampleRun again = SampleProcess.Run([.. Options, "--out", folder]);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Contains(again.Output, line => line.Contains("journal of an earlier run", StringComparison.Ordinal));
        Assert.Equal(WholeRun.TrialsOf(whole.Report), WholeRun.TrialsOf(WholeRun.ReadReport(folder)));
        Assert.DoesNotContain("Not finished", File.ReadAllText(Path.Combine(folder, "report.html")));
        Assert.Empty(Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories));
    }

    private static SampleRun StopAfterTheFirstTrial(string folder, int signal)
    {
        using SampleProcess process = SampleProcess.Start([.. Options, "--out", folder]);
        // The journal is locked, but its length can be seen: the header first, then a trial.
        long header = 0;
        process.WaitUntil(() => (header = JournalLength(folder)) > 0);
        // Beyond the two lines of some 80 bytes that say that trials have begun.
        process.WaitUntil(() => JournalLength(folder) > header + 200);
        process.Send(signal);
        return process.Wait();
    }

    private static long JournalLength(string folder)
    {
        string results = Path.Combine(folder, "results");
        return Directory.Exists(results) && Directory.GetFiles(results, "search.jsonl", SearchOption.AllDirectories) is [string journal]
            ? new FileInfo(journal).Length
            : 0;
    }

    private static int CountTrials(JsonElement report) =>
        report.GetProperty("search").GetProperty("stages").EnumerateArray().Sum(stage => stage.GetProperty("trials").GetArrayLength());
}
