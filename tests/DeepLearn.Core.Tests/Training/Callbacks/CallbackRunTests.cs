using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using Xunit;

namespace DeepLearn.Tests.Training.Callbacks;

/// <summary>Which run a callback belongs to, and what it leaves in the model.</summary>
public class CallbackRunTests
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);
    private static readonly TrainingPlan Plan = TrainingData.Plan with { Evaluation = new() { Every = 2 } };

    public static TheoryData<TrainingCallback<float>> Remembering =>
        [new EarlyStopping<float>(2), new ReduceOnPlateau<float>(), new SnapshotRecorder<float>(Cycles)];

    private static CyclicalSchedule Cycles => (CyclicalSchedule)Plan.Schedule;

    [Theory]
    [MemberData(nameof(Remembering))]
    public void Callback_that_remembers_serves_one_run_which_may_be_interrupted(TrainingCallback<float> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        using Trainer<float> one = Create(callback), other = Create(callback);
        using var stop = new CancellationTokenSource();
        one.Callbacks.Add(new Canceler(1, stop));
        Assert.Throws<OperationCanceledException>(() => one.Run(cancellationToken: stop.Token));
        string message = Assert.Throws<InvalidOperationException>(() => other.Run()).Message;
        Assert.Contains($"{callback.GetType().Name.Split('`')[0]} remembers the run that it was used in", message);
        Assert.Equal(0, other.StepsDone);
        one.Run();
        Assert.Throws<InvalidOperationException>(() => other.Run());
    }

    [Fact]
    public void Callbacks_that_are_missing_twice_there_or_undo_each_other_are_refused()
    {
        var logger = new Canceler(long.MaxValue, new());
        Assert.Contains("found none in place 1", Refused(_ => [logger, null!]));
        Assert.Contains("in the places 0 and 2", Refused(model => [logger, new AveragedWeights<float>(model), logger]));
        Assert.Contains(
            "would undo", Refused(model => [new AveragedWeights<float>(model), new EarlyStopping<float>(3, restoresBest: true)]));

        static string Refused(Func<Model<float>, TrainingCallback<float>[]> callbacks)
        {
            using Trainer<float> trainer = Create();
            foreach (TrainingCallback<float> callback in callbacks(trainer.Model))
                trainer.Callbacks.Add(callback);
            string message = Assert.Throws<InvalidOperationException>(() => trainer.Run()).Message;
            Assert.Equal(0, trainer.StepsDone);
            return message;
        }
    }

    [Fact]
    public void Model_with_the_best_weights_has_their_figures_on_its_card()
    {
        var stopping = new EarlyStopping<float>(1, point => -Math.Abs(point.Step - 4), higherIsBetter: true, restoresBest: true);
        using Trainer<float> trainer = Create(stopping);
        TrainingResult result = trainer.Run();
        Assert.Equal((6, true), (result.Steps, result.Stopped));
        Assert.NotEqual(result.Curve[^1].Training.Loss, stopping.BestPoint!.Training.Loss);
        CheckFinal(trainer, result, stopping.BestPoint.Training.Loss);
    }

    [Fact]
    public void AveragedWeights_are_in_the_model_at_the_end_and_measured()
    {
        using Trainer<float> plain = Create();
        TrainingResult last = plain.Run();
        Assert.Same(last.Curve[^1], last.Final);

        using Trainer<float> trainer = Create();
        var averaged = new AveragedWeights<float>(trainer.Model, new(0.5));
        trainer.Callbacks.Add(averaged);
        TrainingResult result = trainer.Run();
        Assert.Equal(last.Curve, result.Curve);
        Assert.Equal(averaged.Average.State[0].Value.AsSpan().ToArray(), trainer.Model.Parameters[0].Value.AsSpan().ToArray());
        CheckFinal(trainer, result, trainer.Measure(Data).Loss);
        Assert.NotEqual(last.Final!.Training.Loss, result.Final!.Training.Loss);

        // Where the caller wants to do it.
        using Trainer<float> kept = Create();
        kept.Callbacks.Add(new AveragedWeights<float>(kept.Model, new(0.5), replacesWeights: false));
        Assert.Equal(last.Final, kept.Run().Final);
        Assert.Equal(plain.Model.Sha256(), kept.Model.Sha256());
    }

    [Fact]
    public void Final_point_is_none_where_the_model_was_not_measured_as_it_is()
    {
        TrainingPlan plan = Plan with { Evaluation = new() { Every = 7, AtEnd = false } };
        using Trainer<float> trainer = Create(plan);
        Assert.Null(trainer.Run().Final);
        using Trainer<float> averaging = Create(plan);
        averaging.Callbacks.Add(new AveragedWeights<float>(averaging.Model));
        Assert.Null(averaging.Run().Final);
        Assert.Empty(averaging.Model.Card.Training!.Metrics);
    }

    private static void CheckFinal(Trainer<float> trainer, TrainingResult result, double loss)
    {
        Assert.Equal(loss, result.Final!.Training.Loss);
        Assert.Equal(result.Steps, result.Final.Step);
        Assert.Equal(loss, trainer.Measure(Data).Loss);
        Assert.Equal(loss, trainer.Model.Card.Training!.Metrics.Single(metric => metric.Name == "training loss").Value);
    }

    private static Trainer<float> Create(params TrainingCallback<float>[] callbacks) => Create(Plan, callbacks);

    private static Trainer<float> Create(TrainingPlan basis, params TrainingCallback<float>[] callbacks)
    {
        (TrainingPlan plan, Model<float> model) = basis.Prepare<float>(Data);
        var trainer = new Trainer<float>(model, plan, Data);
        foreach (TrainingCallback<float> callback in callbacks)
            trainer.Callbacks.Add(callback);
        return trainer;
    }

    private sealed class Canceler(long step, CancellationTokenSource stop) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step == step)
                stop.Cancel();
            return TrainingDecision.Continue;
        }
    }
}
