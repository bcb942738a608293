using System.CommandLine;
using DeepLearn.Benchmarks.Experiments;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Data.Cifar;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The commands that time training as a whole: <c>experiment</c>, <c>trials</c> and <c>first-steps</c>.</summary>
/// <param name="commandLine">The command line, for reports.</param>
/// <param name="programStart">The time stamp of the program's first line.</param>
internal sealed class ExperimentCommands(string commandLine, long programStart)
{
    private const double ShareGoal = 0.85;
    private const double TrialsGoal = 0.95; // of the number of trials: 1.9 for two
    private const double FirstStepGoal = 300;

    private static Option<string?> DataOption => new("--data")
    {
        Description = $"CIFAR-10, a folder or archive. Default: {Cifar10Source.DefaultVariable}, then the cache folder.",
    };

    /// <summary>Adds the commands.</summary>
    public void AddTo(Command root)
    {
        root.Add(Experiment());
        root.Add(Trials());
        root.Add(FirstStepsCommand());
    }

    private Command Experiment()
    {
        var command = new Command(
            "experiment", "The two-layer network's last run on CIFAR-10, 5,880 updates, as a whole, beside its bare step.");
        Option<string?> data = DataOption;
        var files = new ReportFiles();
        Option<int> rounds = Rounds(3);
        var every = new Option<int>("--every") { Description = "Updates from one evaluation to the next.", DefaultValueFactory = _ => 196 };
        var measured = new Option<int>("--measured")
        {
            Description = "Training examples in an evaluation, beside the 1,000 of validation; 0 for all.",
            DefaultValueFactory = _ => 1_000,
        };
        foreach (Option option in new Option[] { data, rounds, every, measured })
            command.Add(option);
        files.AddTo(command);
        command.SetAction(result =>
        {
            if (FinalRun.Load(result.GetValue(data), Console.Error) is not { } run)
                return 1;
            var evaluation = new EvaluationPlan
            {
                Every = result.GetValue(every),
                TrainingExamples = result.GetValue(measured),
                AtStart = true,
            };
            return RunExperiment(result, files, new(run, evaluation, result.GetValue(rounds)));
        });
        return command;
    }

    private int RunExperiment(ParseResult result, ReportFiles files, ExperimentMeasurement measurement)
    {
        var page = new ReportPage(Console.Out);
        page.Head("The experiment as a whole", commandLine, []);
        page.Line();
        var table = new MarkdownTable(
            ("threads", 7), ("prefetch", 8), ("seconds", 7), ("steps/s", 7), ("bare steps/s", 7), ("share", 5),
            ("updates' share", 5), ("step us", 7),
            ("batch us", 7), ("evaluation ms", 7), ("evaluations", 4), ("test accuracy", 7), ("heap MB", 6), ("peak MB", 6));
        page.Line(table.Head);
        List<ExperimentRow> rows = [];
        (int Threads, int Prefetch)[] ways = Machine.Threads == 1 ? [(1, 0)] : [(1, 0), (1, 2), (Machine.Threads, 0), (Machine.Threads, 2)];
        foreach ((int threads, int prefetch) in ways)
        {
            ExperimentRow row = measurement.Measure(threads, prefetch);
            rows.Add(row);
            page.Line(table.Row(
                MarkdownTable.Number(row.Threads, 0), MarkdownTable.Number(row.Prefetch, 0), MarkdownTable.Number(row.Seconds, 2),
                MarkdownTable.Number(row.StepsPerSecond, 0), MarkdownTable.Number(row.BareStepsPerSecond, 0),
                MarkdownTable.Percent(row.ShareOfBareStep),
                MarkdownTable.Percent(row.ShareOfUpdates), MarkdownTable.Number(row.StepMicroseconds, 0),
                MarkdownTable.Number(row.BatchMicroseconds, 0), MarkdownTable.Number(row.EvaluationMilliseconds, 1),
                MarkdownTable.Number(row.Evaluations, 0), MarkdownTable.Percent(row.TestAccuracy, 2),
                MarkdownTable.Number(row.HeapBytes / 1e6, 0), MarkdownTable.Number(row.PeakWorkingSetBytes / 1e6, 0)));
        }
        page.Summary(
            "Summary of the experiment",
            [
                .. rows.Select(row => new Figure(
                    $"threads {row.Threads}, prefetch {row.Prefetch}: share of the bare step's speed", row.ShareOfBareStep, ShareGoal)),
            ]);
        page.Duration();
        files.Save(result, page, rows);
        return 0;
    }

    private Command Trials()
    {
        var command = new Command("trials", "Trials of a search side by side, one thread each, against one alone.");
        Option<string?> data = DataOption;
        Option<int> rounds = Rounds(5);
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
        var command = new Command("first-steps", "The first 50 updates of this process, 3072-50-10 at batch 100.");
        var files = new ReportFiles();
        files.AddTo(command);
        command.SetAction(result =>
        {
            // Measured before anything is printed, which would be compiled too.
            var first = FirstSteps.Measure(programStart, 50);
            var page = new ReportPage(Console.Out);
            page.Head("The first steps of a process", commandLine, []);
            page.Line();
            page.Line("Microseconds of each step: " + string.Join(", ", first.Microseconds.Select(time => MarkdownTable.Number(time, 0))));
            const string Name = "milliseconds from the program's first line to the end of the first step";
            var figure = new Figure(Name, first.MillisecondsToFirst, FirstStepGoal) { AtMost = true, Decimals = 0 };
            page.Summary("Summary of the first steps", [figure]);
            files.Save(result, page, [first]);
            return 0;
        });
        return command;
    }

    private static Option<int> Rounds(int usual) =>
        new("--rounds") { Description = "How often everything is timed.", DefaultValueFactory = _ => usual };
}
