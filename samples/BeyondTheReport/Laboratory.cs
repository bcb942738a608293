using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Reporting;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.BeyondTheReport.Results;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Data;
using DeepLearn.Samples.CommandLine.Training;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>What an experiment works with: images to train, validate and test on, threads, and a place to keep what was found.</summary>
internal sealed class Laboratory
{
    public const int BatchSize = 100;

    private readonly Lazy<Normalization> _perFeature;
    private readonly Lazy<Normalization> _perChannel;

    public Laboratory(
        SampleSettings settings,
        SampleData data,
        ResultStore store,
        ReportTerminal terminal,
        WorkerPool workers,
        int validationImages,
        CancellationToken stop)
    {
        Settings = settings;
        Store = store;
        Terminal = terminal;
        Workers = workers;
        Stop = stop;
        int validation = settings.Quick ? validationImages / 10 : validationImages;
        Dataset all = data.Collection.Training;
        (Training, Validation) = validation == 0
            ? (all, all.Take(0))
            : all.Split(validation, RandomKey.FromSeed(settings.Seed).Derive("validation"));
        Test = data.Collection.Test;
        _perFeature = new(() => Normalization.PerFeature(Training));
        _perChannel = new(() => Normalization.PerChannel(Training));
    }

    public SampleSettings Settings { get; }

    public ResultStore Store { get; }

    public ReportTerminal Terminal { get; }

    public WorkerPool Workers { get; }

    /// <summary>Canceled on Ctrl-C.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The file of a page that shows the run under way; null for none.</summary>
    public string? Page { get; init; }

    public Dataset Training { get; }

    public Dataset Validation { get; }

    public Dataset Test { get; }

    public ulong Seed => Settings.Seed;

    /// <summary>Mean and standard deviation of each of the 3,072 numbers over the training set, as in the report.</summary>
    public Normalization PerFeature => _perFeature.Value;

    /// <summary>Mean and standard deviation of each color, which leaves neighboring pixels comparable.</summary>
    public Normalization PerChannel => _perChannel.Value;

    /// <summary>The number of updates in so many epochs; with <c>--quick</c> in a tenth of them.</summary>
    public long Steps(double epochs, int batchSize = BatchSize)
    {
        double scaled = Settings.Quick ? epochs / 10 : epochs;
        return Math.Max(1, (long)Math.Round(scaled * (Training.Count / batchSize)));
    }

    /// <summary>A number of units or filters; with <c>--quick</c> a quarter of it.</summary>
    public int Width(int units) => Settings.Quick ? Math.Max(1, units / 4) : units;

    /// <summary>
    /// Trains a variant, unless its result is there from before: the same network, plan, data and seed give the same result.
    /// </summary>
    public NamedRun Train(Variant variant)
    {
        Model<float> model = variant.Network.Build<float>(Training.ExampleShape, Seed);
        TrainingPlan plan = Measured(variant);
        string recipe = Recipe.Of(model, plan, Training.Count);
        if (Store.FindRun(recipe) is { } earlier)
        {
            Terminal.Line($"{variant.Name}: {Describe(earlier)}, as found before.");
            return new(variant.Name, earlier);
        }
        RunOutcome outcome = Train(variant.Name, model, plan, recipe);
        Store.KeepRun(outcome);
        return new(variant.Name, outcome);
    }

    /// <summary>
    /// Trains a variant whose run takes long: a command that is stopped goes on within it, from its last checkpoint. The learning curves
    /// are those of the test set, which nothing is chosen by; the test accuracy is the mean over the views.
    /// </summary>
    public NamedRun TrainResumably(Variant variant, ulong seed, ImageView[] views)
    {
        Model<float> model = variant.Network.Build<float>(Training.ExampleShape, seed);
        string recipe = Recipe.Of(model, variant.Plan, Training.Count);
        if (Store.FindRun(recipe) is { } earlier)
        {
            Terminal.Line($"{variant.Name}: {Describe(earlier)}, as found before.");
            return new(variant.Name, earlier);
        }
        string checkpoint = Store.CheckpointOf(recipe);
        RunOutcome outcome;
        using (var trainer = new Trainer<float>(model, variant.Plan, Training, Test, Workers) { Checkpointing = new(checkpoint) })
        {
            var clock = new UpdateClock();
            trainer.Callbacks.Add(clock);
            if (trainer.TryResume())
            {
                Terminal.Line(
                    $"{variant.Name}: goes on after step {Format.Count(trainer.StepsDone)} of {Format.Count(trainer.TotalSteps)}.");
            }
            long? divergedAt = null;
            try
            {
                Follow(trainer, variant.Name);
            }
            catch (TrainingDivergedException exception)
            {
                divergedAt = exception.Step;
            }
            foreach (TrainingPoint point in trainer.Curve)
            {
                Terminal.Line(
                    $"{variant.Name}, epoch {Format.Text($"{point.Epochs:0.#}")}: test accuracy of single views "
                    + $"{Format.Percent(point.Validation!.Accuracy!.Value)}.");
            }
            Examination? examination = divergedAt is null
                ? Examination.Of(
                    model.WithTestTimeAugmentation(views),
                    variant.Plan with { Loss = variant.Plan.EvaluationLoss ?? variant.Plan.Loss },
                    Test,
                    Workers,
                    Stop)
                : null;
            outcome = RunOutcome.Of(trainer, recipe, clock.UpdateSeconds, divergedAt, examination);
        }
        Store.KeepRun(outcome);
        File.Delete(checkpoint);
        Terminal.Line($"{variant.Name}: {Describe(outcome)}.");
        return new(variant.Name, outcome);
    }

    /// <summary>Trains a model by a plan, whatever there is from before.</summary>
    public RunOutcome Train(
        string title, Model<float> model, TrainingPlan plan, string recipe, params ReadOnlySpan<TrainingCallback<float>> callbacks)
    {
        using var trainer = new Trainer<float>(model, plan, Training, Validation, Workers);
        var clock = new UpdateClock();
        trainer.Callbacks.Add(clock);
        foreach (TrainingCallback<float> callback in callbacks)
            trainer.Callbacks.Add(callback);
        long? divergedAt = null;
        try
        {
            Follow(trainer, title);
        }
        catch (TrainingDivergedException exception)
        {
            divergedAt = exception.Step;
        }
        Examination? examination = divergedAt is null ? Examination.Of(model, plan, Test, Workers, Stop) : null;
        RunOutcome outcome = RunOutcome.Of(trainer, recipe, clock.UpdateSeconds, divergedAt, examination);
        Terminal.Line($"{title}: {Describe(outcome)}.");
        return outcome;
    }

    /// <summary>The plan of a variant with the points of its learning curves.</summary>
    public TrainingPlan Measured(Variant variant)
    {
        long steps = variant.Plan.Length.InSteps(variant.Plan.Schedule, Math.Max(1, Training.Count / variant.Plan.BatchSize));
        var evaluation = new EvaluationPlan
        {
            Every = Math.Max(1, steps / variant.Points),
            AtStart = true,
            TrainingExamples = Settings.Quick ? variant.MeasuredImages / 10 : variant.MeasuredImages,
        };
        return variant.Plan with { Evaluation = evaluation };
    }

    private void Follow(Trainer<float> trainer, string title)
    {
        using LiveTrainingPage<float>? page = Page is null ? null : new(trainer, Page) { Title = title };
        Terminal.Train(trainer, title, page, Stop);
    }

    private static string Describe(RunOutcome outcome) => outcome.TestAccuracy is { } accuracy
        ? $"test accuracy {Format.Percent(accuracy)}, {Format.Count(outcome.Steps)} steps in {Format.Seconds(outcome.Seconds)}"
        : $"diverged at step {Format.Count(outcome.DivergedAt ?? 0)}";
}
