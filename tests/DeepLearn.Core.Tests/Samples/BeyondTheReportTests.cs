using System.Text.Json;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>The experiments beyond the report, as processes: small ones on synthetic images.</summary>
public sealed class BeyondTheReportTests
{
    private const string Sample = "BeyondTheReport";

    private static readonly string[] Names =
    [
        "wider", "dropout", "augmentation", "label-smoothing", "range-test", "annealed-maximum", "longer-cycles", "ensemble", "adam",
        "hinge",
        "batch-norm", "fully-connected", "patches", "convolutional", "algorithms", "ninety-four", "ninety-four-algorithms",
    ];

    [Fact]
    public void BeyondTheReport_list_names_every_experiment()
    {
        SampleRun run = SampleProcess.RunOf(Sample, "list");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.All(Names, name => Assert.Contains(run.Output, line => line.Contains($"| {name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("widr", "'widr'")]
    [InlineData("wider --sed 3", "'--sed'")]
    [InlineData("wider --threads 0", "--threads must be")]
    [InlineData("adam wider hnge", "'hnge'")]
    public void BeyondTheReport_wrong_command_line_is_one_line_of_error(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        SampleRun run = SampleProcess.RunOf(Sample, [.. arguments.Split(' '), "--out", folder["out"]]);
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains(expected, Assert.Single(run.Error));
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void BeyondTheReport_finished_experiments_are_kept_and_not_run_again()
    {
        using var folder = new TemporaryFolder();
        SampleRun first = Run("2", "range-test", "ensemble");
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.StartsWith("Data: SYNTHETIC", first.Output[0]);
        JsonElement[] before = Experiments();
        Assert.Equal(["range-test", "ensemble"], before.Select(NameOf));
        Assert.Equal(6, before[1].GetProperty("ensembles").GetArrayLength());
        Assert.True(before[0].GetProperty("sweep").GetProperty("points").GetArrayLength() > 100);

        // Adam's second run is the range test's first, and so is there already.
        SampleRun second = Run("1", "adam");
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Single(second.Output, line => line.EndsWith("as found before.", StringComparison.Ordinal));
        JsonElement[] after = Experiments();
        Assert.Equal(["range-test", "ensemble", "adam"], after.Select(NameOf));
        Assert.Equal(before[0].GetRawText(), after[0].GetRawText());
        Assert.All(["range-test", "ensemble", "adam"], name =>
        {
            Assert.True(File.Exists(Path.Combine(folder["out"], "figures", $"{name}.png")));
            Assert.True(File.Exists(Path.Combine(folder["out"], "figures", $"{name}.svg")));
            Assert.Contains($"<section id=\"{name}\">", File.ReadAllText(Path.Combine(folder["out"], "report.html")));
        });

        // All of it again, elsewhere and on another number of threads: the same bits.
        string?[] hashes = [.. HashesOf(after[1])];
        Directory.Delete(Path.Combine(folder["out"], "results"), recursive: true);
        Assert.Equal(0, Run("1", "ensemble").ExitCode);
        Assert.Equal(hashes, HashesOf(Assert.Single(Experiments())));

        SampleRun Run(string threads, params string[] names) =>
            SampleProcess.RunOf(Sample, [.. names, "--quick", "--synthetic", "--threads", threads, "--out", folder["out"]]);

        JsonElement[] Experiments() => [.. WholeRun.ReadReport(folder["out"]).GetProperty("experiments").EnumerateArray()];
    }

    [Theory]
    [InlineData("batch-norm", 4)]
    [InlineData("hinge", 3)]
    [InlineData("longer-cycles", 4)]
    [InlineData("convolutional", 1)]
    [InlineData("ninety-four", 3)]
    [InlineData("ninety-four-algorithms", 9)]
    public void BeyondTheReport_experiment_has_a_row_for_each_run(string name, int rows)
    {
        using var folder = new TemporaryFolder();
        SampleRun run = SampleProcess.RunOf(Sample, name, "--quick", "--synthetic", "--out", folder["out"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        JsonElement experiment = Assert.Single(WholeRun.ReadReport(folder["out"]).GetProperty("experiments").EnumerateArray());
        JsonElement[] runs = [.. experiment.GetProperty("runs").EnumerateArray()];
        Assert.Equal(rows, runs.Length);
        Assert.Equal(rows, runs.Select(row => row.GetProperty("name").GetString()).Distinct().Count());
        Assert.Equal(rows, HashesOf(experiment).Distinct().Count());
        Assert.All(runs, row => Assert.InRange(row.GetProperty("outcome").GetProperty("testAccuracy").GetDouble(), 0.05, 1));
        Assert.All(runs, row => Assert.True(row.GetProperty("outcome").GetProperty("curve").GetArrayLength() > 10));
    }

    [Fact]
    public void BeyondTheReport_stopped_experiment_keeps_its_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows has not.");
        using var folder = new TemporaryFolder();
        string[] arguments = ["wider", "--quick", "--synthetic", "--out", folder["out"]];
        using (SampleProcess process = SampleProcess.StartOf(Sample, arguments))
        {
            process.WaitUntil(() => RunsIn(folder["out"]) > 0);
            process.Send(SampleProcess.SigInt);
            SampleRun stopped = process.Wait();
            Assert.True(stopped.ExitCode == 130, stopped.ToString());
            Assert.Contains("same command goes on", Assert.Single(stopped.Error));
        }
        int kept = RunsIn(folder["out"]);
        Assert.InRange(kept, 1, 4);

        SampleRun again = SampleProcess.RunOf(Sample, arguments);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(kept, again.Output.Count(line => line.EndsWith("as found before.", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFiles(folder["out"], "*.partial", SearchOption.AllDirectories));
    }

    private static int RunsIn(string folder) => Directory.Exists(Path.Combine(folder, "results"))
        ? Directory.GetFiles(Path.Combine(folder, "results"), "*.json", SearchOption.AllDirectories)
            .Count(path => Path.GetFileName(Path.GetDirectoryName(path)) == "runs")
        : 0;

    private static string? NameOf(JsonElement experiment) => experiment.GetProperty("name").GetString();

    private static IEnumerable<string?> HashesOf(JsonElement experiment) =>
        experiment.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("outcome").GetProperty("weightsSha256").GetString());
}
