using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>
/// A wrong command line: one line on standard error that names the option and what it takes, exit code 2, and nothing done.
/// </summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("--sed 3", "--sed")]
    [InlineData("finale", "finale")]
    [InlineData("--seed -1", "--seed must be a whole number from 0 to 2^64 - 1; found '-1'")]
    [InlineData("--seed one", "found 'one'")]
    [InlineData("--threads 0", "--threads must be a whole number from 1 to 1024; found '0'")]
    [InlineData("cycles --threads 2000", "--threads must be")]
    [InlineData("final --lambda -1", "--lambda must be a finite number of at least 0; found '-1'")]
    [InlineData("final --lambda nan", "--lambda must be a finite number")]
    [InlineData("--lambda", "--lambda")]
    [InlineData("final --data", "--data")]
    [InlineData("--synthetic false", "false")]
    [InlineData("--synthetic --data somewhere", "--synthetic and --data exclude each other")]
    [InlineData("search --synthetic --data somewhere", "--synthetic and --data exclude each other")]
    public void TwoLayerCifar10_wrong_command_line_is_one_line_of_error(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        string result = folder["out"];

        SampleRun run = SampleProcess.Run([.. arguments.Split(' '), "--out", result]);

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains(expected, Assert.Single(run.Error));
        Assert.Empty(run.Output);
        Assert.False(Directory.Exists(result));
    }

    [Fact]
    public void TwoLayerCifar10_help_lists_parts_and_options()
    {
        SampleRun run = SampleProcess.Run("--help");

        Assert.Equal(0, run.ExitCode);
        string text = string.Join('\n', run.Output);
        Assert.All(
            "gradients cycles search final --data --out --seed --threads --lambda --synthetic --quick".Split(' '),
            name => Assert.Contains(name, text));
        Assert.DoesNotContain("NaN", text);
    }
}
