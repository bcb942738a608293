using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>The page of a training run, after it and during it.</summary>
[Collection("Pages that hear signals")]
public sealed class LiveTrainingPageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-training-").FullName;

    private string FilePath => Path.Combine(_folder, "training.html");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_page_shows_it_under_way_and_is_loaded_again_until_the_end()
    {
        string underWay = "";
        using Trainer<float> trainer = Trainer();
        trainer.Callbacks.Add(new AtStep(6, () =>
        {
            Assert.True(SpinWait.SpinUntil(() => Read().Contains("step 4 of 10", StringComparison.Ordinal), 60_000), Read());
            underWay = Read();
        }));
        using (var page = new LiveTrainingPage<float>(trainer, FilePath) { Title = "A <run>", Interval = TimeSpan.FromMilliseconds(1) })
        {
            trainer.Run(page);
            Assert.Null(page.Error);
        }

        Assert.Contains("<meta http-equiv=\"refresh\" content=\"1\">", underWay, StringComparison.Ordinal);
        Assert.Contains("Under way: step 4 of 10", underWay, StringComparison.Ordinal);
        Assert.Contains("<section id=\"curves\">", underWay, StringComparison.Ordinal);
        string end = Read();
        Assert.DoesNotContain("http-equiv", end, StringComparison.Ordinal);
        Assert.Contains("Finished. Written 20", end, StringComparison.Ordinal);
        Assert.Contains("<h1>A &lt;run&gt;</h1>", end, StringComparison.Ordinal);
        Assert.Contains("All evaluations", end, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_canceled_page_says_where_it_ended_and_when_taken_up_again_has_the_whole_curve()
    {
        using var stop = new CancellationTokenSource();
        using Trainer<float> trainer = Trainer();
        trainer.Callbacks.Add(new AtStep(6, stop.Cancel));
        using (var page = new LiveTrainingPage<float>(trainer, FilePath))
            Assert.Throws<OperationCanceledException>(() => trainer.Run(page, stop.Token));

        Assert.Contains("Ended at step 6 of 10.", Read(), StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", Read(), StringComparison.Ordinal);

        using (var page = new LiveTrainingPage<float>(trainer, FilePath))
            trainer.Run(page, TestContext.Current.CancellationToken);

        string[] steps = [.. Enumerable.Range(1, 5).Select(i => $"<tr><td class=\"n\">{2 * i}</td>")];
        Assert.All(steps, step => Assert.Contains(step, Read(), StringComparison.Ordinal));
    }

    [Fact]
    public void Run_page_that_can_no_longer_be_written_ends_no_training()
    {
        using Trainer<float> plain = Trainer(), watched = Trainer();
        TrainingResult expected = plain.Run();
        using var page = new LiveTrainingPage<float>(watched, FilePath);
        Directory.CreateDirectory(FilePath);

        TrainingResult result = watched.Run(page, TestContext.Current.CancellationToken);

        page.Dispose();
        Assert.Equal(expected.Curve, result.Curve);
        Assert.Contains(FilePath, page.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_tells_who_comes_next()
    {
        var told = new List<TrainingProgress>();
        using Trainer<float> trainer = Trainer();
        using var page = new LiveTrainingPage<float>(trainer, FilePath, new Terminal.DirectProgress<TrainingProgress>(told.Add));

        trainer.Run(page, TestContext.Current.CancellationToken);

        Assert.Equal(10, told[^1].Step);
    }

    [Fact]
    public void LiveTrainingPage_of_a_path_or_an_interval_that_cannot_be_is_refused()
    {
        using Trainer<float> trainer = Trainer();
        File.WriteAllText(FilePath, "");

        Assert.Throws<ArgumentException>(() => new LiveTrainingPage<float>(trainer, ""));
        Assert.Throws<IOException>(() => new LiveTrainingPage<float>(trainer, Path.Combine(FilePath, "page.html")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LiveTrainingPage<float>(trainer, FilePath) { Interval = TimeSpan.Zero });
    }

    [Fact]
    public void TrainingPage_of_a_result_has_its_numbers_its_curves_and_the_last_evaluations()
    {
        using Trainer<float> trainer = Trainer(epochs: 50);
        TrainingResult result = trainer.Run(cancellationToken: TestContext.Current.CancellationToken);

        string html = TrainingPage.Of(result, trainer.Plan, "Plain").ToHtml();

        Assert.All(
            ["summary", "curves", "evaluations"], id => Assert.Contains($"<section id=\"{id}\">", html, StringComparison.Ordinal));
        Assert.Contains("<b>100</b><span>steps</span>", html, StringComparison.Ordinal);
        Assert.Contains("The last 40 of 50 evaluations", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", html, StringComparison.Ordinal);
        Assert.Contains("stopped", TrainingPage.Of(result with { Stopped = true }, trainer.Plan).ToHtml(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TrainingPage.Of(result with { Curve = [] }, trainer.Plan));
    }

    private static Trainer<float> Trainer(int epochs = 5)
    {
        var data = new DenseDataset<float>(Matrix<float>.FromArray(new float[,] { { 0, 1 }, { 1, 0 }, { 1, 1 } }), [0, 1, 1], 2);
        Model<float> model = new Sequential(new Dense(2)).Build<float>(2, seed: 1);
        var plan = new TrainingPlan
        {
            Schedule = 0.1,
            Length = TrainingLength.Epochs(epochs),
            BatchSize = 2,
            Evaluation = new() { Every = 2 },
        };
        return new(model, plan, data);
    }

    private string Read() => File.Exists(FilePath) ? File.ReadAllText(FilePath) : "";

    private sealed class AtStep(long step, Action act) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step == step)
                act();
            return TrainingDecision.Continue;
        }
    }
}
