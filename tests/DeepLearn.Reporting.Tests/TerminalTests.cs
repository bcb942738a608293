using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Spaces;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>What is written where the output is no terminal.</summary>
public sealed class TerminalTests
{
    [Fact]
    public void Table_redirected_is_plain_lines_with_every_cell()
    {
        var output = new StringWriter();

        new ReportTerminal(output).Table(new("Results", [new("Name", false), new("Value")], [["alpha", "1.5"], ["[b]", "22"]]));

        string text = output.ToString();
        Assert.Contains("Results", text, StringComparison.Ordinal);
        Assert.Matches(@"\| alpha +\| +1\.5 \|", text);
        Assert.Matches(@"\| \[b\] +\| +22 \|", text);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Follow_long_work_redirected_writes_a_line_now_and_then_and_one_at_the_end()
    {
        var output = new StringWriter();

        var clock = new Clock();
        int result = new ReportTerminal(output) { Clock = clock }.Follow(board =>
        {
            using ProgressLine line = board.Add("Counting", "sheep", 3), detail = board.Add("  detail", "legs", 4, isDetail: true);
            line.Report(1, "asleep");
            clock.Milliseconds += 1100;
            detail.Report(3);
            line.Report(2);
            line.Report(3);
            return 42;
        });

        Assert.Equal(42, result);
        Assert.Equal(
            ["Counting: 2 of 3 sheep, 1.8 sheep/s, 1 s left, asleep", "Counting: 3 sheep in 1.10 s"],
            output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Follow_work_of_more_steps_than_time_has_seconds_says_no_time()
    {
        var output = new StringWriter();
        var clock = new Clock();
        new ReportTerminal(output) { Clock = clock }.Follow(board =>
        {
            using ProgressLine line = board.Add("Counting", "sheep", 1e18);
            clock.Milliseconds += 1100;
            line.Report(1);
            return 0;
        });
        Assert.StartsWith("Counting: 1 of 1,000,000,000,000,000,000 sheep, 0.9 sheep/s", output.ToString().Trim());
    }

    [Fact]
    public void Train_gives_what_the_trainer_gives()
    {
        TrainingResult plain = Trainer().Run();
        TrainingResult shown = new ReportTerminal(TextWriter.Null).Train(Trainer());

        Assert.Equal(plain.Steps, shown.Steps);
        Assert.Equal(plain.Curve, shown.Curve);

    }

    [Fact]
    public void Train_that_measures_before_the_first_step_says_so_without_a_loss_of_none()
    {
        var output = new StringWriter();

        new ReportTerminal(output) { Clock = new Clock { Step = 5000 } }.Train(Trainer(new() { AtStart = true }), "run");

        string first = output.ToString().Split(Environment.NewLine)[0];
        Assert.StartsWith("run: 0 of 10 steps, training accuracy", first, StringComparison.Ordinal);
    }

    private static Trainer<float> Trainer(EvaluationPlan? evaluation = null)
    {
        var data = new DenseDataset<float>(Matrix<float>.FromArray(new float[,] { { 0, 1 }, { 1, 0 }, { 1, 1 } }), [0, 1, 1], 2);
        Model<float> model = new Sequential(new Dense(2)).Build<float>(2, seed: 1);
        var plan = new TrainingPlan { Schedule = 0.1, Length = TrainingLength.Epochs(5), BatchSize = 2 };
        return new(model, evaluation is null ? plan : plan with { Evaluation = evaluation }, data);
    }

    [Fact]
    public void Search_gives_what_the_search_gives_and_tells_the_callers_progress()
    {
        var search = new SingleStageSearch(
            new SearchSpace(
                new LogUniformDimension("rate", 1e-4, 1), new IntegerDimension("units", 8, 64)), trials: 12);
        var told = new List<SearchProgress>();
        var options = new SearchRunOptions { Executor = new ThreadExecutor(2), Progress = new DirectProgress<SearchProgress>(told.Add) };

        SearchResult shown = new ReportTerminal(TextWriter.Null).Search(search, SearchPageTests.Objective, options);

        Assert.Equal(
            search.Run(SearchPageTests.Objective).Ranked.Select(trial => (trial.Trial, trial.State, trial.Reports)),
            shown.Ranked.Select(trial => (trial.Trial, trial.State, trial.Reports)));
        Assert.Equal(12, told.Count(value => value.Kind == SearchProgressKind.Finished));
    }

    [Fact]
    public void Format_numbers_are_short_and_the_same_everywhere()
    {
        Assert.Equal("52.30 %", Format.Percent(0.523));
        Assert.Equal("49,000", Format.Count(49_000));
        Assert.Equal("0.002584", Format.Significant(0.00258414));
        Assert.Equal("1.85e-10", Format.Scientific(1.8499e-10));
        Assert.Equal("2 min 05 s", Format.Duration(TimeSpan.FromSeconds(124.2)));
        Assert.Equal("1 h 02 min", Format.Duration(TimeSpan.FromMinutes(62)));
    }

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        /// <summary>What passes from one look at the clock to the next.</summary>
        public long Step { get; init; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds += Step;
    }
}
