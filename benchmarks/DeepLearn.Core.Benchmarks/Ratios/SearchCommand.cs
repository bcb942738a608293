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
            var filter = new Option<string>("--filter") { Description = "Samplers whose name has this.", DefaultValueFactory = _ => "" };
            var speed = new Option<bool>("--speed") { Description = "Loading and suggesting, in place of regrets." };
            var shared = new Option<bool>("--shared") { Description = "Claims and completions of a journal that processes share." };
            var postgres = new Option<string?>("--postgres") { Description = "The same, of a database; its connection string." };
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
                var page = new ReportPage(Console.Out);
                if (result.GetValue(speed))
                    return Speed(page, files, result, SearchSpeed.Run());
                if (result.GetValue(shared) || result.GetValue(postgres) is not null)
                    return Speed(page, files, result, new StoreSpeed(result.GetValue(postgres)).Run());
                page.Head("Searches", commandLine, []);
                page.Line();
                page.Line(
                    $"Median regret of the best of {result.GetValue(trials)} trials over {result.GetValue(seeds)} seeds from "
                    + $"{result.GetValue(first)} on, with quartiles.");
                page.Line();
                page.Line($"| sampler | {string.Join(" | ", TestFunction.All.Select(function => function.Name))} |");
                page.Line($"| --- |{string.Concat(TestFunction.All.Select(_ => " --- |"))}");
                var measurement = new SearchMeasurement(result.GetValue(trials), result.GetValue(seeds), result.GetValue(first));
                List<SearchRow> rows = [];
                foreach (var sampler in measurement.Samplers.Where(sampler => sampler.Name.Contains(result.GetValue(filter)!)))
                {
                    SearchRow[] row = [.. TestFunction.All.Select(function => measurement.Run(sampler, function))];
                    rows.AddRange(row);
                    page.Line($"| {sampler.Name} | {string.Join(" | ", row.Select(Cell))} |");
                }
                page.Line();
                page.Duration();
                files.Save(result, page, rows);
                return 0;
            });
            return command;
        }
    }

    private int Speed(ReportPage page, ReportFiles files, System.CommandLine.ParseResult result, IEnumerable<SpeedRow> measured)
    {
        page.Head("What a search costs", commandLine, []);
        page.Line();
        page.Line("| what | past trials, or calls | milliseconds |");
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

    private static string Cell(SearchRow row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.MedianRegret:g3} ({row.LowerRegret:g2}-{row.UpperRegret:g2})");
}
