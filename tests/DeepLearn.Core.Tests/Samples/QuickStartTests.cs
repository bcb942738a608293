using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>The smallest sample.</summary>
public sealed class QuickStartTests
{
    [Fact]
    public void QuickStart_prints_what_its_page_says()
    {
        using var folder = new TemporaryFolder();
        SampleRun run = SampleProcess.RunOf("QuickStart", folder.Root);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(run.Error);
        string[] page = File.ReadAllLines(Path.Combine(Repository.Root, "samples", "QuickStart", "README.md"));
        Assert.All(run.Output, line => Assert.Contains(line.TrimEnd(), page));
        Assert.True(File.Exists(folder["curves.png"]));
    }
}
