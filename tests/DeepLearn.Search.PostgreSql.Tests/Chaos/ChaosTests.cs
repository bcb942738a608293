using System.Globalization;
using Npgsql;
using Xunit;

namespace DeepLearn.Search.PostgreSql.Tests.Chaos;

/// <summary>
/// Processes are killed and stopped, links are cut, the server crashes, its disk is full: every trial is completed exactly once, and the
/// results are those of one process without accidents. Four kills, and one of each other accident; with <c>DEEPLEARN_CHAOS=50</c> in the
/// environment fifty kills with as many others as fit between them.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int Kills =
        int.Parse(Environment.GetEnvironmentVariable("DEEPLEARN_CHAOS") ?? "4", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-chaos-").FullName;

    private static bool IsLong => Kills > 10;

    private static int Workers => IsLong ? 8 : 4;

    private static int Trials => IsLong ? 300 : 45;

    private static int Pace => IsLong ? 40 : 8;

    private string OfSearch => $"FROM deeplearn_trials WHERE search = (SELECT id FROM deeplearn_searches WHERE name = '{_folder}')";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Journal_processes_killed_and_stopped_complete_every_trial_once_with_the_results_of_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to stop a process with.");
        string journal = Path.Combine(_folder, "trials.jsonl");
        using var accidents = new Accidents(["journal", journal], Trials, Pace, Path.Combine(_folder, "gate"));
        accidents.Begin(Workers);
        Accidents.WaitUntil(() => File.Exists(journal) && new FileInfo(journal).Length > 4000);
        for (int i = 0; i < Kills; i++)
        {
            accidents.Wait();
            accidents.KillOne();
            if (i % 4 == 1)
                accidents.StopOne();
        }
        IReadOnlyList<string> digests = accidents.Finish();
        Assert.Equal(Workers, digests.Count);
        Assert.Equal(Accidents.DigestOfOne(Trials), Assert.Single(digests.Distinct()));
        string[] lines = File.ReadAllLines(journal);
        Assert.Equal(Trials, lines.Count(line => line.Contains("\"score\":", StringComparison.Ordinal)));
        Assert.Equal(["gate", "trials.jsonl"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        int again = lines.Count(line =>
            line.Contains("\"claimed\"", StringComparison.Ordinal) && !line.Contains("\"epoch\":1,", StringComparison.Ordinal));
        output.WriteLine($"{Kills} kills, {Workers} workers, {Trials} trials, {again} claims of trials that another process had begun.");
        Assert.True(!IsLong || again > 0);
    }

    [Fact]
    public void Database_processes_killed_stopped_and_cut_off_complete_every_trial_once_with_the_results_of_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to stop a process with.");
        // A server of its own, since others would not stand its accidents.
        using var server = new PostgresServer();
        using var accidents = new Accidents(["postgres", server.Connection, _folder], Trials, Pace, Path.Combine(_folder, "gate"));
        accidents.Begin(Workers);
        Accidents.WaitUntil(() => Completed(server) > 0);
        for (int i = 0; i < Kills; i++)
        {
            accidents.Wait();
            accidents.KillOne();
            if (i % 4 == 1)
                accidents.StopOne();
            if (i % 4 == 2)
                server.CutLinks();
            if (i % 16 == 3)
                server.Crash();
        }
        RequireEachTrialOnce(accidents, server);
    }

    [Fact]
    public void Database_full_disk_of_the_server_loses_no_trial_and_the_search_goes_on_where_there_is_room()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root",
            "A full disk needs a file system of its own: expected Linux and root.");
        using var server = new PostgresServer { DiskInMegabytes = 160 };
        using var accidents = new Accidents(["postgres", server.Connection, _folder], Trials, Pace, Path.Combine(_folder, "gate"));
        accidents.Begin(Workers);
        for (int i = 0; i < (IsLong ? 4 : 1); i++)
        {
            int before = (i * 50) + 2;
            Accidents.WaitUntil(() => Completed(server) >= before);
            server.FillDisk();
            Overflow(server);
            accidents.KillOne();
            Thread.Sleep(3000);
            server.FreeDisk();
        }
        RequireEachTrialOnce(accidents, server);
        Assert.Contains("No space left on device", server.Log);
    }

    [Fact]
    public void Database_workers_in_networks_of_their_own_whose_cables_are_pulled_complete_every_trial_once()
    {
        using var networks = new NetworkNamespaces(Workers);
        Assert.SkipWhen(networks.Error is not null, $"Network namespaces cannot be made here: {networks.Error}");
        using var server = new PostgresServer { Address = networks.Address };
        string[] store = ["postgres", server.Connection + ";Command Timeout=2;Tcp Keepalive=true", _folder];
        using var accidents = new Accidents(store, Trials, Pace, Path.Combine(_folder, "gate"), networks);
        accidents.Begin(Workers);
        Accidents.WaitUntil(() => Completed(server) > 0);
        for (int i = 0; i < Kills; i++)
        {
            accidents.Wait();
            accidents.KillOne();
            if (i % 4 == 1)
                accidents.CutOne();
        }
        RequireEachTrialOnce(accidents, server);
    }

    /// <summary>What was written of a line when the disk was full is cut off; nothing else is lost.</summary>
    [Fact]
    public void Journal_full_disk_stops_the_search_by_name_and_it_goes_on_where_there_is_room()
    {
        string disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName, journal = Path.Combine(disk, "trials.jsonl");
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Shell.Run("mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk) is null,
            "A file system of 48 KB cannot be made here: expected Linux and the right to mount.");
        const int Many = 120;
        try
        {
            using (var stopped = new Accidents(["journal", journal], Many, 1, "-"))
                Assert.Contains("cannot be written at offset", stopped.ErrorOfOne());
            Assert.Null(Shell.Run("mount", "-o", "remount,size=8m", disk));
            using var going = new Accidents(["journal", journal], Many, 1, Path.Combine(_folder, "gate"));
            going.Begin(2);
            Assert.Equal(Accidents.DigestOfOne(Many), Assert.Single(going.Finish().Distinct()));
            Assert.Equal(Many, File.ReadLines(journal).Count(line => line.Contains("\"score\":", StringComparison.Ordinal)));
        }
        finally
        {
            Shell.Run("umount", disk);
        }
    }

    private void RequireEachTrialOnce(Accidents accidents, PostgresServer server)
    {
        IReadOnlyList<string> digests = accidents.Finish();
        Assert.Equal(Workers, digests.Count);
        Assert.Equal(Accidents.DigestOfOne(Trials), Assert.Single(digests.Distinct()));
        Assert.Equal((long)Trials, server.Execute($"SELECT count(*) {OfSearch} AND completions = 1 AND token IS NULL"));
        Assert.Equal((long)Trials, server.Execute($"SELECT sum(completions) {OfSearch}"));
        long again = (long)server.Execute($"SELECT count(*) {OfSearch} AND epoch > 1")!;
        output.WriteLine($"{Workers} workers, {Trials} trials, of which {again} went on in another process.");
        Assert.True(!IsLong || again > 0);
    }

    // Small rows find room in pages and log files that are there already. So that the server surely meets the full disk, it is asked for
    // more.
    private static void Overflow(PostgresServer server)
    {
        try
        {
            server.Execute("CREATE TABLE overflow AS SELECT md5(i::text) FROM generate_series(1, 100000) AS i");
        }
        catch (NpgsqlException)
        {
            // Refused, or the server ended by it: its log says which.
        }
    }

    private long Completed(PostgresServer server) =>
        (long)server.Execute("SELECT count(*) FROM pg_tables WHERE tablename = 'deeplearn_trials'")! == 0
            ? 0
            : (long)server.Execute($"SELECT count(*) {OfSearch} AND completions = 1")!;
}
