using System.CommandLine;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>cores</c>: what several threads can gain on this machine at all, without any code of the library.</summary>
/// <param name="commandLine">The command line, for the report.</param>
internal sealed class CoresCommand(string commandLine)
{
    /// <summary>The command.</summary>
    public Command Command
    {
        get
        {
            var command = new Command(
                "cores", "Several threads that each do what one does alone: arithmetic in registers, reading caches, reading memory.");
            var threads = new Option<int>("--threads")
            {
                Description = "How many threads, from 2 up. Default: all.",
                DefaultValueFactory = _ => Math.Max(2, Machine.Threads),
            };
            var turns = new Option<int>("--turns")
            {
                Description = "How many turns of each work; one of multiply-adds takes 8 ms.",
                DefaultValueFactory = _ => 200,
            };
            threads.Validators.Add(result => RequireAtLeast(result, threads, 2));
            turns.Validators.Add(result => RequireAtLeast(result, turns, 1));
            command.Add(threads);
            command.Add(turns);
            var files = new ReportFiles();
            files.AddTo(command);
            command.SetAction(result =>
            {
                Measure(result.GetValue(threads), result.GetValue(turns), files, result);
                return 0;
            });
            return command;
        }
    }

    private void Measure(int threads, int turns, ReportFiles files, ParseResult result)
    {
        var page = new ReportPage(Console.Out);
        page.Head("What the processors share", commandLine, []);
        page.Line();
        page.Line($"{threads} threads at once, each with the work of one: what they do together in the time in which one alone does 1. "
            + "Turns in which a thread moved to another processor are left out.");
        page.Line();
        var table = new MarkdownTable(
            ("work", -28), ("turns", 5), ("left out", 5), ("median", 5), ("quartiles", 11), ("least", 5), ("most", 5), ("below 1.1", 5));
        page.Line(table.Head);
        List<CoresRow> rows = [];
        var sharing = new CoreSharing(threads);
        foreach ((string name, Func<int, Action[]> make) in CoreSharing.Kinds)
        {
            CoreTurn[] all = [.. sharing.Run(make(threads), turns)];
            double[] gains = [.. all.Where(turn => turn.Apart).Select(turn => turn.Gain)];
            rows.Add(new(name, threads, gains, all.Length - gains.Length));
            page.Line(Line(table, rows[^1]));
        }
        page.Line();
        page.Duration();
        files.Save(result, page, rows);
    }

    private static string Line(MarkdownTable table, CoresRow row)
    {
        string turns = $"{row.Gains.Count}", leftOut = $"{row.LeftOut}";
        if (row.Gains.Count == 0)
            return table.Row(row.Work, turns, leftOut, "-", "-", "-", "-", "-");
        double[] gains = [.. row.Gains];
        Quartiles quartiles = Statistics.QuartilesOf(gains);
        return table.Row(
            row.Work, turns, leftOut, MarkdownTable.Ratio(quartiles.Median),
            $"{MarkdownTable.Ratio(quartiles.Lower)}-{MarkdownTable.Ratio(quartiles.Upper)}", MarkdownTable.Ratio(gains.Min()),
            MarkdownTable.Ratio(gains.Max()), $"{gains.Count(gain => gain < 1.1)}");
    }

    private static void RequireAtLeast(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least)
    {
        if (result.GetValueOrDefault<int>() < least)
            result.AddError($"{option.Name} is at least {least}.");
    }
}
