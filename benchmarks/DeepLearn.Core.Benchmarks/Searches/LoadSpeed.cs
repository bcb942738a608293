using System.Diagnostics;
using System.Globalization;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.PostgreSql;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Npgsql;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>
/// The time until a search knows the trials that its store holds: in new processes, where nothing has been compiled yet, and where it has
/// been opened before.
/// </summary>
/// <param name="connection">The database; null for a journal.</param>
internal sealed class LoadSpeed(string? connection)
{
    private const int Trials = 100_000, Dimensions = 10, Processes = 7, Times = 6;

    private static readonly SingleStageSearch Search = new(
        new SearchSpace([.. Enumerable.Range(0, Dimensions).Select(i => (Dimension)new UniformDimension($"x{i}", -5, 10))]), Trials)
    {
        Seed = 1,
    };

    private string Kind => connection is null ? "a journal" : "a database";

    /// <summary>Loads what a store holds a few times, and prints the milliseconds of each: for a process of its own.</summary>
    /// <param name="name">The journal's path, or the name of the search in the database.</param>
    public void PrintTimes(string name)
    {
        TrialStore store = StoreOf(name);
        for (int i = 0; i < Times; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            using (TrialLog log = store.Open(Search.Identity()))
            {
                if (log.Recorded.Count != Trials)
                    throw new InvalidOperationException($"Expected {Trials} trials, found {log.Recorded.Count}.");
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(begin).TotalMilliseconds:f1}"));
        }
    }

    /// <summary>Makes a store of many trials, and loads it in some processes.</summary>
    public IEnumerable<SpeedRow> Run()
    {
        string name = connection is null
            ? Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.jsonl")
            : $"benchmark {Guid.NewGuid()}";
        try
        {
            Fill(name);
            double[][] times = [.. Enumerable.Range(0, Processes).Select(_ => TimesOfAProcess(name))];
            double[] first = [.. times.Select(row => row[0]).Order()], last = [.. times.Select(row => row[^1]).Order()];
            yield return new($"loading {Kind} in a new process, median of {Processes}", Trials, first[Processes / 2]);
            yield return new($"loading {Kind} in a new process, slowest of {Processes}", Trials, first[^1]);
            yield return new($"loading {Kind} for the {Times}th time, median of {Processes}", Trials, last[Processes / 2]);
        }
        finally
        {
            Remove(name);
        }
    }

    private TrialStore StoreOf(string name) =>
        connection is null ? new JournalTrialStore(name) : new PostgreSqlTrialStore(connection, name);

    private double[] TimesOfAProcess(string name)
    {
        string[] database = connection is null ? [] : ["--postgres", connection];
        string output = OwnProcess.Run(["ratios", "search", "--load", name, .. database]);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.TakeLast(Times).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }

    // Not through the store itself, which would wait for the disk at each of the trials.
    private void Fill(string name)
    {
        if (connection is null)
        {
            using FileStream file = File.Create(name);
            file.Write(JournalLine.Header(Search.Identity()));
            foreach (TrialResult result in Results())
            {
                file.Write(JournalLine.Started(result.Trial));
                file.Write(JournalLine.Encode(result));
            }
            return;
        }
        StoreOf(name).Open(Search.Identity()).Dispose();
        using NpgsqlConnection database = Open();
        long search = (long)Execute(database, "SELECT id FROM deeplearn_searches WHERE name = $1", name)!;
        using NpgsqlBinaryImporter importer = database.BeginBinaryImport(
            "COPY deeplearn_trials (search, stage, number, epoch, worker, lease_until, result_epoch, result, ended, completions, changed) "
            + "FROM STDIN (FORMAT BINARY)");
        foreach (TrialResult result in Results())
        {
            importer.StartRow();
            importer.Write(search);
            importer.Write(0);
            importer.Write(result.Trial.Number);
            importer.Write(1L);
            importer.Write("benchmark");
            importer.Write(DateTime.UnixEpoch, NpgsqlTypes.NpgsqlDbType.TimestampTz);
            importer.Write(1L);
            importer.Write(TrialResultJson.Write(result), NpgsqlTypes.NpgsqlDbType.Json);
            importer.Write((long)result.Trial.Number);
            importer.Write(1);
            importer.Write(1L);
        }
        importer.Complete();
    }

    private void Remove(string name)
    {
        if (connection is null)
        {
            File.Delete(name);
            return;
        }
        using NpgsqlConnection database = Open();
        Execute(database, "DELETE FROM deeplearn_searches WHERE name = $1", name);
    }

    private static object? Execute(NpgsqlConnection database, string sql, string name)
    {
        using var command = new NpgsqlCommand(sql, database) { Parameters = { new() { Value = name } } };
        return command.ExecuteScalar();
    }

    private NpgsqlConnection Open()
    {
        var database = new NpgsqlConnection(connection);
        database.Open();
        return database;
    }

    private static IEnumerable<TrialResult> Results()
    {
        for (int i = 0; i < Trials; i++)
        {
            SearchPoint point = new RandomSampler().Sample(new(Search.Space, RandomKey.FromSeed(1), 0, i));
            yield return new(new Trial(0, i, 1, (ulong)i, point), TrialState.Completed, point.Number("x0"))
            {
                Seconds = i * 0.125,
                Run = new TrialRun("node7:1234", DateTimeOffset.UnixEpoch.AddSeconds(i)),
            };
        }
    }
}
