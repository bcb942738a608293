using System.CommandLine;
using System.Globalization;
using DeepLearn.Benchmarks.Searches;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>search</c>: how close each sampler comes to the minimum of known functions.</summary>
/// <param name="commandLine">The command line, for the report.</param>
internal sealed class SearchCommand(string commandLine)
{
    /// <summary>The command.</summary>
    public Command Command
    {
        get
        {
            var command = new Command(
                "search",
                "The regret of the best trial on known functions by each sampler; with --speed, what the search itself costs. No peer.");
            var seeds = new Option<int>("--seeds") { Description = "How many searches.", DefaultValueFactory = _ => 20 };
            var trials = new Option<int>("--trials") { Description = "How many trials each.", DefaultValueFactory = _ => 100 };
            var first = new Option<int>("--first-seed") { Description = "The seed of the first search.", DefaultValueFactory = _ => 1 };
            var filter = new Option<string[]>("--filter")
            {
                Description = "Samplers whose names have one of these.",
                AllowMultipleArgumentsPerToken = true,
                DefaultValueFactory = _ => [""],
            };
            var speed = new Option<bool>("--speed") { Description = "Loading and suggesting, in place of regrets." };
            var shared = new Option<bool>("--shared") { Description = "Claims and completions of a journal that processes share." };
            var postgres = new Option<string?>("--postgres")
            {
                Description = "The same, of a database, and with --speed loading from it; its connection string.",
            };
            var optuna = new Option<FileInfo?>("--optuna")
            {
                Description = "What benchmarks/peers/optuna_searches.py wrote; ours is then compared with it.",
            };
            optuna.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<FileInfo?>() is { Exists: false } missing)
                    result.AddError($"--optuna: there is no file {missing.FullName}.");
            });
            var load = new Option<string?>("--load") { Description = "Loads a journal and prints the milliseconds.", Hidden = true };
            command.Add(load);
            command.Add(optuna);
            command.Add(shared);
            command.Add(postgres);
            command.Add(filter);
            command.Add(speed);
            foreach (Option<int> option in new[] { seeds, trials, first })
            {
                option.Validators.Add(result =>
                {
                    if (result.GetValueOrDefault<int>() < 1)
                        result.AddError($"{option.Name} is at least 1.");
                });
                command.Add(option);
            }
            var files = new ReportFiles();
            files.AddTo(command);
            command.SetAction(result =>
            {
                if (result.GetValue(load) is { } stored)
                {
                    new LoadSpeed(result.GetValue(postgres)).PrintTimes(stored);
                    return 0;
                }
                var page = new ReportPage(Console.Out);
                if (result.GetValue(speed))
                {
                    string? database = result.GetValue(postgres);
                    return Speed(page, files, result, database is null ? SearchSpeed.Run() : new LoadSpeed(database).Run());
                }
                if (result.GetValue(shared) || result.GetValue(postgres) is not null)
                    return Store(page, files, result, result.GetValue(postgres));
                page.Head("Searches", commandLine, []);
                page.Line();
                page.Line(
                    $"Median regret of the best of {result.GetValue(trials)} trials over {result.GetValue(seeds)} seeds from "
                    + $"{result.GetValue(first)} on, with quartiles.");
                page.Line();
                page.Line($"| sampler | {string.Join(" | ", TestFunction.All.Select(function => function.Name))} |");
                page.Line($"| --- |{string.Concat(TestFunction.All.Select(_ => " --- |"))}");
                var measurement = new SearchMeasurement(result.GetValue(trials), result.GetValue(seeds), result.GetValue(first));
                List<SearchRow> all = [];
                foreach (var sampler in measurement.Samplers.Where(sampler => result.GetValue(filter)!.Any(sampler.Name.Contains)))
                {
                    SearchRow[] row = [.. TestFunction.All.Select(function => measurement.Run(sampler, function))];
                    all.AddRange(row);
                    page.Line($"| {sampler.Name} | {string.Join(" | ", row.Select(SearchComparison.Cell))} |");
                }
                page.Line();
                if (result.GetValue(optuna) is { } file)
                    Compare(page, all, ReportJson.Read<SearchRow>(File.ReadAllText(file.FullName)));
                page.Duration();
                files.Save(result, page, all);
                return 0;
            });
            return command;
        }
    }

    private int Speed(ReportPage page, ReportFiles files, System.CommandLine.ParseResult result, IEnumerable<SpeedRow> measured)
    {
        page.Head("What a search costs", commandLine, []);
        page.Line();
        page.Line("| what | past trials | milliseconds |");
        page.Line("| --- | --- | --- |");
        List<SpeedRow> rows = [];
        foreach (SpeedRow row in measured)
        {
            rows.Add(row);
            page.Line(string.Create(CultureInfo.InvariantCulture, $"| {row.What} | {row.Trials:N0} | {row.Milliseconds:g3} |"));
        }
        page.Line();
        page.Duration();
        files.Save(result, page, rows);
        return 0;
    }

    private int Store(ReportPage page, ReportFiles files, System.CommandLine.ParseResult result, string? connection)
    {
        // A connection string may hold a password.
        string command = connection is null ? commandLine : commandLine.Replace(connection, "CONNECTION", StringComparison.Ordinal);
        page.Head(connection is null ? "A journal that processes share" : "A database that processes share", command, []);
        page.Line();
        page.Line("| calls | calls a second | milliseconds between two |");
        page.Line("| --- | ---: | ---: |");
        List<SpeedRow> rows = [];
        foreach (SpeedRow row in new StoreSpeed(connection).Run())
        {
            rows.Add(row);
            double perSecond = 1000 / row.Milliseconds;
            page.Line(string.Create(CultureInfo.InvariantCulture, $"| {row.What} | {perSecond:N0} | {row.Milliseconds:g3} |"));
        }
        var model = StoreModel.Of(rows);
        page.Line();
        page.Line("Workers that keep it busy, with leases of a minute:");
        page.Line();
        page.Line("| seconds of a trial | workers |");
        page.Line("| ---: | ---: |");
        foreach (double seconds in new[] { 1.0, 10, 60, 600 })
            page.Line(string.Create(CultureInfo.InvariantCulture, $"| {seconds} | {model.Workers(seconds, 60):N0} |"));
        page.Line();
        page.Duration();
        files.Save(result, page, rows);
        return 0;
    }

    private static void Compare(ReportPage page, IReadOnlyList<SearchRow> ours, IReadOnlyList<SearchRow> peers)
    {
        SearchComparison[] comparisons = [.. SearchComparison.Of(ours, peers)];
        page.Line("### Beside Optuna");
        page.Line();
        page.Line(
            $"Optuna {string.Join(", ", peers.Select(peer => peer.Version).Distinct())}, as many seeds of its own; p is the probability of "
            + "such a difference by chance (rank-sum test, two-sided).");
        page.Line();
        foreach (string line in SearchComparison.Head)
            page.Line(line);
        foreach (SearchComparison comparison in comparisons)
            page.Line(comparison.Row);
        page.Line();
        page.Line(string.Join(
            "; ", comparisons.GroupBy(comparison => comparison.Verdict).Select(group => $"{group.Key}: {group.Count()}")) + ".");
        page.Line();
    }
}
