using System.Text.Json;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>The report's own figures, on CIFAR-10 itself.</summary>
public sealed class RealDataTests
{
    [Fact]
    public void TwoLayerCifar10_on_real_data_is_as_good_as_the_report()
    {
        string? data = Environment.GetEnvironmentVariable("DEEPLEARN_CIFAR10");
        if (string.IsNullOrEmpty(data))
            Assert.Skip("CIFAR-10 is not there: DEEPLEARN_CIFAR10 does not name it.");
        using var folder = new TemporaryFolder();
        Assert.Equal(0, SampleProcess.Run("gradients", "--data", data, "--out", folder["out"]).ExitCode);
        SampleRun run = SampleProcess.Run("cycles", "--data", data, "--out", folder["out"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.StartsWith("Data: CIFAR-10", run.Output[0]);

        JsonElement report = WholeRun.ReadReport(folder["out"]);
        Assert.Equal("cifar-10", report.GetProperty("data").GetProperty("source").GetString());
        Assert.Equal(50_000, report.GetProperty("data").GetProperty("trainingExamples").GetInt32());
        Assert.All(report.GetProperty("gradients").EnumerateArray(), cell =>
        {
            Assert.InRange(cell.GetProperty("maxAbsoluteDifference").GetDouble(), 0, 1.85e-10);
            Assert.InRange(cell.GetProperty("maxRelativeDifference").GetDouble(), 0, 5.4e-6);
        });
        JsonElement[] cycles = [.. report.GetProperty("cycles").EnumerateArray()];
        Assert.InRange(cycles[0].GetProperty("testAccuracy").GetDouble(), 0.45, 0.48);
        Assert.InRange(cycles[1].GetProperty("testAccuracy").GetDouble(), 0.455, 0.49);
    }
}
