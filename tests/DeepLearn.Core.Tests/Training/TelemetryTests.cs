using System.Diagnostics;
using System.Diagnostics.Metrics;
using DeepLearn.Data;
using DeepLearn.Data.Synthetic;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Schedules;
using DeepLearn.Search;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What a listener hears is what happened, and changes nothing. Other tests train meanwhile: only this thread's work
/// counts.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Dictionary<string, double> _sums = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<Activity> _activities = [];
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _source;

    public TelemetryTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument.Name, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument.Name, value, tags));
        _source = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Environment.CurrentManagedThreadId == _thread)
                    _activities.Add(activity);
            },
        };
    }

    public void Dispose()
    {
        _meters.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void Trainer_listened_to_tells_steps_examples_loss_and_evaluations_and_trains_the_same_bits()
    {
        string alone = Train(out _);
        Listen();
        string heard = Train(out TrainingResult result);

        Assert.Equal(alone, heard);
        Assert.Equal(result.Steps, _sums["deeplearn.training.steps"]);
        Assert.Equal(20 * result.Steps, _sums["deeplearn.training.examples"]);
        Assert.Equal(result.Steps, _counts["deeplearn.training.loss"]);
        Assert.Equal(result.Steps, _counts["deeplearn.training.step.duration"]);
        Assert.True(_sums["deeplearn.training.step.duration"] > 0);
        Assert.Equal(result.Curve.Sum(point => point.Validation!.Loss), _sums["deeplearn.evaluation.value validation loss"], 1e-12);
        Assert.Equal(result.Curve.Count * 2, _activities.Count(activity => activity.OperationName == "deeplearn.evaluation"));
        Activity run = Assert.Single(_activities, activity => activity.OperationName == "deeplearn.training");
        Assert.Equal(result.Steps, run.GetTagItem("deeplearn.steps.total"));
        Assert.All(_activities.Where(activity => activity != run), activity => Assert.Equal(run.SpanId, activity.ParentSpanId));
    }

    [Fact]
    public void Predictor_listened_to_counts_examples()
    {
        DatasetCollection images = Images();
        Model<float> model = Trained(images, out _);
        Listen();
        var predictor = new Predictor<float>(model);
        predictor.Predict(images.Test);
        predictor.Predict(images.Test.Bytes(0).Span);
        Assert.Equal(images.Test.Count + 1, _sums["deeplearn.predictions"]);
    }

    [Fact]
    public void Search_listened_to_counts_trials_by_their_state()
    {
        // Trials run on a thread of the search's; the score below tells them from those of other tests.
        var states = new System.Collections.Concurrent.ConcurrentBag<Activity>();
        using var source = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "deeplearn.trial" && $"{activity.GetTagItem("deeplearn.trial.point")}".Contains("heard",
                    StringComparison.Ordinal))
                    states.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(source);
        var search = new SingleStageSearch(new SearchSpace(new UniformDimension("heard", 0, 1)), 3) { Seed = 1 };
        search.Run((trial, _, _) => trial.Number == 1 ? throw new InvalidOperationException("no") : new TrialOutcome(0.5));
        Assert.Equal(3, states.Count);
        Activity failed = Assert.Single(states, activity => activity.Status == ActivityStatusCode.Error);
        Assert.Contains("no", failed.StatusDescription, StringComparison.Ordinal);
    }

    private static DatasetCollection Images() => SyntheticImages.Create(seed: 1, trainingCount: 60, testCount: 30);

    private static string Train(out TrainingResult result) => Trained(Images(), out result).Sha256();

    private static Model<float> Trained(DatasetCollection images, out TrainingResult result)
    {
        Model<float> model = new Sequential(new Dense(10)).Build<float>(images.Training.ExampleShape, seed: 1);
        var plan = new TrainingPlan { BatchSize = 20, Schedule = new ConstantSchedule(1e-3), Length = TrainingLength.Epochs(2) };
        using var trainer = new Trainer<float>(model, plan, images.Training, images.Test);
        result = trainer.Run();
        return model;
    }

    private void Listen()
    {
        _meters.Start();
        ActivitySource.AddActivityListener(_source);
    }

    private void Hear(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            return;
        foreach (KeyValuePair<string, object?> tag in tags)
            name += $" {tag.Value}";
        _sums[name] = _sums.GetValueOrDefault(name) + value;
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
    }
}
