using System.CommandLine;
using System.Globalization;
using DeepLearn.Benchmarks.Experiments;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The commands that time training as a whole: <c>experiment</c>, <c>trials</c> and <c>first-steps</c>.</summary>
/// <param name="commandLine">The command line, for reports.</param>
/// <param name="programStart">The time stamp of the program's first line.</param>
internal sealed class ExperimentCommands(string commandLine, long programStart)
{
    private const string RowCommand = "experiment-row";
    private const double ShareGoal = 0.85;
    private const double TrialsGoal = 0.95; // of the number of trials: 1.9 for two
    private const double FirstStepGoal = 300;

    /// <summary>Adds the commands.</summary>
    public void AddTo(Command root)
    {
        root.Add(Experiment());
        root.Add(ExperimentRowCommand());
        root.Add(Trials());
        root.Add(FirstStepsCommand());
    }

    private Command Experiment()
    {
        var command = new Command(
            "experiment", "The two-layer network's last run on CIFAR-10, 5,880 updates, as a whole, beside its bare step.");
        var options = new ExperimentOptions();
        var files = new ReportFiles();
        options.AddTo(command);
        files.AddTo(command);
        command.SetAction(result => RunExperiment(result, options, files));
        return command;
    }

    /// <summary>Writes one row as JSON to the standard output; <c>experiment</c> starts this program for each row.</summary>
    private static Command ExperimentRowCommand()
    {
        var command = new Command(RowCommand) { Hidden = true };
        var options = new ExperimentOptions();
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 1 };
        var prefetch = new Option<int>("--prefetch");
        options.AddTo(command);
        command.Add(threads);
        command.Add(prefetch);
        command.SetAction(result =>
        {
            if (options.Load(result) is not { } measurement)
                return 1;
            Console.Out.Write(ReportJson.Serialize([measurement.Measure(result.GetValue(threads), result.GetValue(prefetch))]));
            return 0;
        });
        return command;
    }

    private int RunExperiment(ParseResult result, ExperimentOptions options, ReportFiles files)
    {
        if (!options.HasData(result))
            return 1;
        var page = new ReportPage(Console.Out);
        page.Head("The experiment as a whole", commandLine, []);
        page.Line();
        page.Line(ExperimentTable.Head);
        List<ExperimentRow> rows = [];
        (int Threads, int Prefetch)[] ways = Machine.Threads == 1 ? [(1, 0)] : [(1, 0), (1, 2), (Machine.Threads, 0), (Machine.Threads, 2)];
        foreach ((int threads, int prefetch) in ways)
        {
            string[] way = ["--threads", Text(threads), "--prefetch", Text(prefetch)];
            ExperimentRow row = ReportJson.Read<ExperimentRow>(
                OwnProcess.Run(["ratios", RowCommand, .. options.Arguments(result), .. way]))[0];
            rows.Add(row);
            page.Line(ExperimentTable.Row(row));
        }
        page.Line();
        foreach (ExperimentRow row in rows)
            page.Line(ExperimentTable.Memory(row));
        page.Summary(
            "Summary of the experiment",
            [
                .. rows.Select(row => new Figure(
                    $"threads {row.Threads}, prefetch {row.Prefetch}: share of the bare step's speed", row.ShareOfBareStep, ShareGoal)),
                new("heap over what is stated, most", rows.Max(row => (double)row.HeapBytes / row.StatedBytes)),
                new("peak of the process over what is stated, most", rows.Max(row => (double)row.PeakWorkingSetBytes / row.StatedBytes)),
            ]);
        page.Duration();
        files.Save(result, page, rows);
        return 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Command Trials()
    {
        var command = new Command("trials", "Trials of a search side by side, one thread each, against one alone.");
        Option<string?> data = ExperimentOptions.NewData();
        Option<int> rounds = ExperimentOptions.NewRounds(5);
        var files = new ReportFiles();
        command.Add(data);
        command.Add(rounds);
        files.AddTo(command);
        command.SetAction(result =>
        {
            if (FinalRun.Load(result.GetValue(data), Console.Error) is not { } run)
                return 1;
            var page = new ReportPage(Console.Out);
            page.Head("Trials side by side", commandLine, []);
            page.Line();
            TrialsRow row = new TrialsMeasurement(run, result.GetValue(rounds)).Measure(Machine.Threads);
            string one = MarkdownTable.Number(row.OneStepsPerSecond, 0), all = MarkdownTable.Number(row.AllStepsPerSecond, 0);
            page.Line($"{one} steps a second in one trial of {row.Steps} steps, {all} in {row.Trials} at once.");
            string spread = $"{MarkdownTable.Ratio(row.RatioLower)}-{MarkdownTable.Ratio(row.RatioUpper)}";
            string name = $"{row.Trials} trials at once: throughput over that of one (quartiles {spread})";
            page.Summary("Summary of the trials", [new(name, row.Ratio, TrialsGoal * row.Trials)]);
            page.Duration();
            files.Save(result, page, [row]);
            return 0;
        });
        return command;
    }

    private Command FirstStepsCommand()
    {
        var command = new Command("first-steps", "The first 50 updates of this process, 3072-50-10 at batch 100, beside a steady one.");
        var files = new ReportFiles();
        files.AddTo(command);
        command.SetAction(result =>
        {
            // Measured before anything is printed, which would be compiled too.
            FirstStepTimes first = FirstSteps.Measure(programStart, 50);
            var page = new ReportPage(Console.Out);
            page.Head("The first steps of a process", commandLine, []);
            page.Line();
            page.Line("Microseconds of each step: " + string.Join(", ", first.Microseconds.Select(time => MarkdownTable.Number(time, 0))));
            const string Name = "milliseconds from the program's first line to the end of the first step";
            page.Line();
            page.Line($"Microseconds of a step once the JIT has nothing more to do: {MarkdownTable.Number(first.SteadyMicroseconds, 0)}");
            page.Summary(
                "Summary of the first steps",
                [
                    new(Name, first.MillisecondsToFirst, FirstStepGoal) { AtMost = true, Decimals = 0 },
                    new($"median of steps 2 to {first.Microseconds.Count} / steady step", first.EarlyOverSteady),
                ]);
            files.Save(result, page, [first]);
            return 0;
        });
        return command;
    }
}
