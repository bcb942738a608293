using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>
/// Bad input: one line on standard error that says what is wrong, where, and what was expected; exit code 1; no stack trace; and what
/// stood in <c>--out</c> stands there still.
/// </summary>
public sealed class BadInputTests
{
    private const int Record = 3073;
    private const int FileLength = 10_000 * Record;

    [Fact]
    public void TwoLayerCifar10_missing_data_is_one_line_of_error() => Fails("there is neither a folder nor an archive", data => data);

    [Fact]
    public void TwoLayerCifar10_folder_without_the_files_is_one_line_of_error() =>
        Fails("data_batch_1.bin", data => Directory.CreateDirectory(data).FullName);

    [Theory]
    [InlineData(FileLength - 1, "is cut short")]
    [InlineData(FileLength + 1, "is too long")]
    [InlineData(0, "is cut short")]
    public void TwoLayerCifar10_data_file_of_wrong_length_is_one_line_of_error(int length, string expected) => Fails(
        $"data_batch_3.bin {expected}: expected {FileLength} bytes (10000 records of {Record}), found {length}",
        data =>
        {
            WriteFolder(data);
            Resize(Path.Combine(data, "data_batch_3.bin"), length);
            return data;
        });

    [Fact]
    public void TwoLayerCifar10_label_above_nine_is_one_line_of_error() => Fails(
        $"data_batch_1.bin, byte {17 * Record}: a label is from 0 to 9; found 10",
        data =>
        {
            WriteFolder(data);
            using FileStream file = File.OpenWrite(Path.Combine(data, "data_batch_1.bin"));
            file.Position = 17 * Record;
            file.WriteByte(10);
            return data;
        });

    [Fact]
    public void TwoLayerCifar10_file_that_is_no_archive_is_one_line_of_error() => Fails(
        "is not a .tar.gz archive: expected the bytes 1F 8B",
        data =>
        {
            File.WriteAllText(data, new string('x', 100_000));
            return data;
        });

    [Fact]
    public void TwoLayerCifar10_archive_cut_short_is_one_line_of_error() => Fails(
        "cut short",
        data =>
        {
            File.WriteAllBytes(data, [0x1F, 0x8B, 8, 0]);
            return data;
        });

    [Fact]
    public void TwoLayerCifar10_environment_variable_that_names_nothing_is_one_line_of_error()
    {
        using var folder = new TemporaryFolder();
        using SampleProcess process = SampleProcess.Start(["gradients", "--out", folder["out"]], ("DEEPLEARN_CIFAR10", folder["nowhere"]));
        AssertFailed(process.Wait(), folder["nowhere"]);
    }

    [Fact]
    public void TwoLayerCifar10_damaged_cached_archive_is_one_line_of_error()
    {
        using var folder = new TemporaryFolder();
        string archive = Path.Combine(Directory.CreateDirectory(folder["DeepLearn"]).FullName, "cifar-10-binary.tar.gz");
        Resize(archive, 170_052_171);
        using SampleProcess process = SampleProcess.Start(["gradients", "--out", folder["out"]], ("XDG_CACHE_HOME", folder.Root));
        AssertFailed(process.Wait(), archive);
    }

    [Fact]
    public void TwoLayerCifar10_output_folder_that_cannot_be_written_is_one_line_of_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        string result = Path.Combine(folder["file"], "out");
        SampleRun run = SampleProcess.Run("gradients", "--synthetic", "--quick", "--out", result);
        AssertFailed(run, $"--out {result} must name a folder that can be written");
        Assert.Empty(run.Output);
    }

    [Fact]
    public void TwoLayerCifar10_diverging_run_is_one_line_of_error_and_keeps_the_old_report()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, SampleProcess.Run("gradients", "--synthetic", "--quick", "--out", folder["out"]).ExitCode);
        string before = File.ReadAllText(Path.Combine(folder["out"], "report.json"));

        SampleRun run = SampleProcess.Run("final", "--synthetic", "--quick", "--lambda", "1e9", "--out", folder["out"]);

        AssertFailed(run, "diverged at step");
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder["out"], "report.json")));
    }

    [Fact]
    public void TwoLayerCifar10_damaged_result_of_an_earlier_run_is_one_line_of_error()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["gradients", "--synthetic", "--quick", "--out", folder["out"]];
        Assert.Equal(0, SampleProcess.Run(arguments).ExitCode);
        string results = Assert.Single(Directory.GetDirectories(Path.Combine(folder["out"], "results")));
        string damaged = Path.Combine(results, "cycles.json");
        File.WriteAllText(damaged, "[{");

        AssertFailed(SampleProcess.Run(arguments), damaged);
    }

    [Fact]
    public void TwoLayerCifar10_damaged_journal_is_one_line_of_error_and_stays()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["gradients", "--synthetic", "--quick", "--out", folder["out"]];
        Assert.Equal(0, SampleProcess.Run(arguments).ExitCode);
        string journal = Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(folder["out"], "results"))), "search.jsonl");
        File.WriteAllText(journal, "not a journal\nnot a journal\n");

        AssertFailed(SampleProcess.Run("search", "--synthetic", "--quick", "--out", folder["out"]), journal);
        Assert.Equal("not a journal\nnot a journal\n", File.ReadAllText(journal));
    }

    private static void Fails(string expected, Func<string, string> prepare)
    {
        using var folder = new TemporaryFolder();
        string data = prepare(folder["data"]);
        string kept = Path.Combine(Directory.CreateDirectory(folder["out"]).FullName, "report.json");
        File.WriteAllText(kept, "kept");

        SampleRun run = SampleProcess.Run("gradients", "--data", data, "--out", folder["out"]);

        AssertFailed(run, expected);
        Assert.Contains(data, run.Error[0]);
        Assert.Equal("kept", File.ReadAllText(kept));
    }

    private static void AssertFailed(SampleRun run, string expected)
    {
        Assert.True(run.ExitCode == 1, run.ToString());
        string line = Assert.Single(run.Error);
        Assert.StartsWith("error: ", line);
        Assert.Contains(expected, line, StringComparison.OrdinalIgnoreCase);
    }

    // Files of the right length without content take no room on the disk.
    private static void WriteFolder(string path)
    {
        Directory.CreateDirectory(path);
        for (int i = 1; i <= 5; i++)
            Resize(Path.Combine(path, $"data_batch_{i}.bin"), FileLength);
        Resize(Path.Combine(path, "test_batch.bin"), FileLength);
    }

    private static void Resize(string path, long length)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }
}
