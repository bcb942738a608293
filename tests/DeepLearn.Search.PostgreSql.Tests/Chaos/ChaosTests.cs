using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace DeepLearn.Search.PostgreSql.Tests.Chaos;

/// <summary>
/// Processes are killed and stopped, links are cut, the server crashes: every trial is completed exactly once, and the results are those of
/// one process without accidents. Six accidents; with <c>DEEPLEARN_CHAOS=50</c> in the environment fifty.
/// </summary>
public sealed class ChaosTests : IDisposable
{
    private static readonly int Count =
        int.Parse(Environment.GetEnvironmentVariable("DEEPLEARN_CHAOS") ?? "6", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-chaos-").FullName;

    private static int Workers => Count > 10 ? 8 : 4;

    private static int Trials => Count > 10 ? 200 : 45;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Journal_processes_killed_and_stopped_complete_every_trial_once_with_the_results_of_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to stop a process with.");
        string journal = Path.Combine(_folder, "trials.jsonl");
        using var accidents = new Accidents(["journal", journal], Trials, Path.Combine(_folder, "gate"));
        accidents.Begin(Workers);
        for (int i = 0; i < Count; i++)
        {
            accidents.Wait();
            if (i % 3 == 2)
                accidents.StopOne();
            else
                accidents.KillOne();
        }
        IReadOnlyList<string> digests = accidents.Finish();
        Assert.Equal(Workers, digests.Count);
        Assert.Equal(Accidents.DigestOfOne(Trials), Assert.Single(digests.Distinct()));
        Assert.Equal(Trials, File.ReadLines(journal).Count(line => line.Contains("\"score\":", StringComparison.Ordinal)));
        Assert.Equal(["gate", "trials.jsonl"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Database_processes_killed_stopped_and_cut_off_complete_every_trial_once_with_the_results_of_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to stop a process with.");
        // A server of its own, since others would not stand its accidents.
        using var server = new PostgresServer();
        using var accidents = new Accidents(["postgres", server.Connection, _folder], Trials, Path.Combine(_folder, "gate"));
        accidents.Begin(Workers);
        for (int i = 0; i < Count; i++)
        {
            accidents.Wait();
            if (i % 5 == 1)
                accidents.StopOne();
            else if (i % 5 == 3)
                server.CutLinks();
            else if (i == Count / 2)
                server.Crash();
            else
                accidents.KillOne();
        }
        IReadOnlyList<string> digests = accidents.Finish();
        Assert.Equal(Workers, digests.Count);
        Assert.Equal(Accidents.DigestOfOne(Trials), Assert.Single(digests.Distinct()));
        string ofSearch = $"FROM deeplearn_trials WHERE search = (SELECT id FROM deeplearn_searches WHERE name = '{_folder}')";
        Assert.Equal((long)Trials, server.Execute($"SELECT count(*) {ofSearch} AND completions = 1 AND token IS NULL"));
        Assert.Equal((long)Trials, server.Execute($"SELECT sum(completions) {ofSearch}"));
    }

    /// <summary>What was written of a line when the disk was full is cut off; nothing else is lost.</summary>
    [Fact]
    public void Journal_full_disk_stops_the_search_by_name_and_it_goes_on_where_there_is_room()
    {
        string disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName, journal = Path.Combine(disk, "trials.jsonl");
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Call("mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk),
            "A file system of 48 KB cannot be made here: expected Linux and the right to mount.");
        const int Many = 120;
        try
        {
            using (var stopped = new Accidents(["journal", journal], Many, "-"))
                Assert.Contains("cannot be written at offset", stopped.ErrorOfOne());
            Assert.True(Call("mount", "-o", "remount,size=8m", disk));
            using var going = new Accidents(["journal", journal], Many, Path.Combine(_folder, "gate"));
            going.Begin(2);
            Assert.Equal(Accidents.DigestOfOne(Many), Assert.Single(going.Finish().Distinct()));
            Assert.Equal(Many, File.ReadLines(journal).Count(line => line.Contains("\"score\":", StringComparison.Ordinal)));
        }
        finally
        {
            Call("umount", disk);
        }
    }

    private static bool Call(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
