using System.CommandLine;
using System.Globalization;
using DeepLearn.Benchmarks.Experiments;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Data;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>halving</c>: what successive halving saves, and what it loses.</summary>
/// <param name="commandLine">The command line, for the report.</param>
internal sealed class HalvingCommand(string commandLine)
{
    private const double PointsGoal = 0.5;
    private const double StepsGoal = 0.25;

    /// <summary>The command.</summary>
    public Command Command
    {
        get
        {
            var command = new Command(
                "halving", "Successive halving (ASHA) beside training all configurations to the end, on CIFAR-10; some twenty minutes.");
            Option<string?> data = ExperimentOptions.NewData();
            var seeds = new Option<int>("--seeds") { Description = "How many searches of each kind.", DefaultValueFactory = _ => 5 };
            var trials = new Option<int>("--trials") { Description = "How many configurations each.", DefaultValueFactory = _ => 64 };
            var keep = new Option<string?>("--keep") { Description = "A folder for the trials; the same command then goes on from them." };
            var first = new Option<int>("--first-seed") { Description = "The seed of the first search.", DefaultValueFactory = _ => 1 };
            foreach (Option<int> option in new[] { seeds, trials, first })
            {
                option.Validators.Add(result =>
                {
                    if (result.GetValueOrDefault<int>() < 1)
                        result.AddError($"{option.Name} is at least 1.");
                });
                command.Add(option);
            }
            command.Add(data);
            command.Add(keep);
            var files = new ReportFiles();
            files.AddTo(command);
            command.SetAction(result =>
            {
                if (FinalRun.LoadData(result.GetValue(data), Console.Error) is not { } images)
                    return 1;
                if (result.GetValue(keep) is { } folder)
                    Directory.CreateDirectory(folder);
                var measurement = new HalvingMeasurement(images, result.GetValue(trials), result.GetValue(keep));
                return Measure(measurement, Enumerable.Range(result.GetValue(first), result.GetValue(seeds)), files, result);
            });
            return command;
        }
    }

    private int Measure(HalvingMeasurement measurement, IEnumerable<int> seeds, ReportFiles files, ParseResult result)
    {
        var page = new ReportPage(Console.Out);
        page.Head("Successive halving", commandLine, []);
        page.Line();
        page.Line("| seed | best of all % | best of halving % | points behind | steps of all | of halving | share |");
        page.Line("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        List<HalvingRow> rows = [];
        foreach (int seed in seeds)
        {
            HalvingRow row = measurement.Measure(seed);
            rows.Add(row);
            page.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Seed} | {100 * row.BestOfAll:F2} | {100 * row.BestOfHalving:F2} | {row.PointsBehind:F2} "
                + $"| {row.StepsOfAll:N0} | {row.StepsOfHalving:N0} | {row.ShareOfSteps:F3} |"));
        }
        page.Summary(
            "Summary of successive halving",
            [
                new("points behind the best of all, median", Statistics.Median(rows.Select(row => row.PointsBehind)), PointsGoal)
                {
                    AtMost = true,
                    Decimals = 2,
                },
                new("share of the steps, median", Statistics.Median(rows.Select(row => row.ShareOfSteps)), StepsGoal) { AtMost = true },
            ]);
        page.Duration();
        files.Save(result, page, rows);
        return 0;
    }
}
