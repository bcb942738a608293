using System.Text.RegularExpressions;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>The sample that searches with several processes.</summary>
public sealed class HyperparameterSearchTests
{
    private static readonly string[] Options = ["--quick", "--synthetic", "--seed", "3", "--trials", "5"];

    [Fact]
    public void HyperparameterSearch_two_processes_find_what_one_finds_and_the_page_is_written()
    {
        using var folder = new TemporaryFolder();
        SampleRun two = SampleProcess.RunOf("HyperparameterSearch", [.. Options, "--workers", "2", "--out", folder["two"]]);
        Assert.True(two.ExitCode == 0, two.ToString());
        Assert.Empty(two.Error);
        SampleRun one = SampleProcess.RunOf("HyperparameterSearch", [.. Options, "--out", folder["one"]]);
        Assert.True(one.ExitCode == 0, one.ToString());
        Assert.Equal(ResultsIn(folder["one"]), ResultsIn(folder["two"]));
        Assert.Contains("Parallel coordinates", File.ReadAllText(Path.Combine(folder["two"], "search.html")));

        // It goes on from what there is: with nothing to do, and with more to do.
        int results = ResultsIn(folder["two"]).Length;
        SampleRun again = SampleProcess.RunOf("HyperparameterSearch", [.. Options[..^1], "6", "--workers", "2", "--out", folder["two"]]);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal((5, 6), (results, ResultsIn(folder["two"]).Length));
    }

    [Theory]
    [InlineData("--workers", "0", "--workers must be a whole number from 1 to 256; found '0'")]
    [InlineData("--minutes", "never", "--minutes must be a number above 0")]
    [InlineData("--postgres", "nonsense", "The connection string is not one of PostgreSQL's")]
    public void HyperparameterSearch_bad_option_is_one_line(string option, string value, string words)
    {
        using var folder = new TemporaryFolder();
        SampleRun run = SampleProcess.RunOf(
            "HyperparameterSearch", ["--quick", "--synthetic", "--trials", "1", "--out", folder["out"], option, value]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(words, Assert.Single(run.Error));
    }

    // What follows from the trial alone: all but times, processes and epochs.
    private static string[] ResultsIn(string folder) =>
    [
        .. File.ReadAllLines(Assert.Single(Directory.GetFiles(folder, "*.jsonl")))
            .Where(line => line.Contains("\"score\":", StringComparison.Ordinal))
            .Select(line => Regex.Replace(line, "\"(check|seconds|worker|began|epoch)\":(\"[^\"]*\"|[^,}]*)", ""))
            .Order(StringComparer.Ordinal),
    ];
}
