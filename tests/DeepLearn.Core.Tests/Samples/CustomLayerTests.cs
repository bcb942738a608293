using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>The sample that extends the library from outside: what it prints is true.</summary>
public sealed partial class CustomLayerTests
{
    [Fact]
    public void CustomLayer_right_gradients_pass_a_wrong_one_is_found_and_training_learns()
    {
        using var folder = new TemporaryFolder();
        SampleRun run = SampleProcess.RunOf("CustomLayer", folder.Root);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(run.Error);
        string[] right = [.. Part(run, 1).Where(line => RowOfTable().IsMatch(line))];
        Assert.Equal(18, right.Length);
        Assert.All(right, line => Assert.Matches(@"\| passed +\|$", line));
        Assert.Contains(right, line => line.StartsWith("| featuregain2/gain ", StringComparison.Ordinal));
        Assert.Contains(right, line => line.StartsWith("| learnableswish2/beta ", StringComparison.Ordinal));
        Assert.All(right, line => Assert.DoesNotMatch("[1-9][0-9]{9}|e[+-][0-9]{3}", line));
        Assert.All(run.Output, line => Assert.True(line.Length <= 120, line));

        // The mistake shows in the layers in front of the faulty one, and nowhere behind it.
        string[] mistaken = Part(run, 2);
        Assert.Contains(
            mistaken, line => line.Contains("at 1,", StringComparison.Ordinal) && line.EndsWith("not found", StringComparison.Ordinal));
        Assert.Contains(mistaken, line => Regex.IsMatch(line, @"^\| dense1/weights .*\| FAILED"));
        Assert.Contains(mistaken, line => Regex.IsMatch(line, @"^\| dense3/weights .*\| passed"));

        string[] contracts = [.. Part(run, 3).Where(line => line.Length > 0)];
        Assert.Equal(5, contracts.Length);
        Assert.All(contracts, line => Assert.EndsWith(" checks, all passed", line, StringComparison.Ordinal));

        double[] errors = [.. Part(run, 4).Select(line => ErrorAfter().Match(line)).Where(match => match.Success)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(2, errors.Length);
        Assert.True(errors[0] < 0.2, run.ToString());
        Assert.True(errors[1] > 2 * errors[0], run.ToString());

        // The windows of the recording are read in its own memory, and the network learns from them.
        string[] own = Part(run, 5);
        Assert.Contains(
            own, line => line.Contains("[100, 64] of bytes, in the recording's own memory of 12,061 bytes", StringComparison.Ordinal));
        Match accuracy = AccuracyAfter().Match(string.Join('\n', own));
        Assert.StartsWith("<svg", File.ReadAllText(folder["waves.svg"]), StringComparison.Ordinal);
        Assert.True(accuracy.Success && int.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture) >= 85, run.ToString());
    }

    private static string[] Part(SampleRun run, int number) =>
        [.. run.Output.SkipWhile(line => !line.StartsWith($"{number}. ", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith($"{number + 1}. ", StringComparison.Ordinal))];

    [GeneratedRegex(@"^\| [a-z0-9/]+ +\| +[0-9]+ \|")]
    private static partial Regex RowOfTable();

    [GeneratedRegex("before, ([0-9.]+) after")]
    private static partial Regex ErrorAfter();

    [GeneratedRegex("before, ([0-9]+) ?% after")]
    private static partial Regex AccuracyAfter();
}
