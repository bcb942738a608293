using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Checkpoints;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>When training is measured, by steps or by epochs, and what is measured.</summary>
public sealed class EvaluationPlanTests : IDisposable
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EvaluationPlan_by_epochs_evaluates_at_their_ends()
    {
        // 60 examples in batches of 16 are four steps an epoch.
        using Trainer<float> trainer = Create(new() { EveryEpochs = 2 }, 11);
        Assert.Equal([8, 16, 24, 32, 40, 44], trainer.Run().Curve.Select(point => point.Step));
        Assert.Equal([2, 4, 6, 8, 10, 11], trainer.Curve.Select(point => point.Epochs));
    }

    [Fact]
    public void EvaluationPlan_by_steps_and_by_epochs_at_once_or_below_zero_is_refused()
    {
        Assert.Contains("every 3 steps and every 1 epochs", Assert.Throws<ArgumentException>(
            () => Create(new() { Every = 3, EveryEpochs = 1 }, 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvaluationPlan { EveryEpochs = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvaluationPlan { Every = -1 });
        Assert.Throws<InvalidOperationException>(() => new EvaluationPlan { EveryEpochs = 1 }.IncludesStep(4, 8));
    }

    [Fact]
    public void EarlyStopping_takes_evaluations_by_epochs_and_any_metric()
    {
        using Trainer<float> trainer = Create(new() { EveryEpochs = 1, Metrics = [new MacroF1(), new LogLoss()] }, 50);
        var stopping = new EarlyStopping<float>(
            patience: 3, point => point.Validation!["macro F1"], higherIsBetter: true, minimumChange: 0.01, restoresBest: true);
        trainer.Callbacks.Add(stopping);
        TrainingResult result = trainer.Run();
        Assert.True(result.Stopped);
        double[] scores = [.. result.Curve.Select(point => point.Validation!["macro F1"])];
        Assert.Equal(stopping.BestPoint, result.Curve[^4]);
        Assert.Equal(scores.Length - 4, Array.FindIndex(scores, score => score >= scores.Max() - 0.01));
        Assert.Equal(stopping.Best!.Values.First().Value.AsSpan(), trainer.Model.Values.First().Value.AsSpan());
    }

    [Fact]
    public void EarlyStopping_with_evaluations_by_epochs_that_never_come_is_refused()
    {
        using Trainer<float> trainer = Create(new() { EveryEpochs = 5 }, 5);
        trainer.Callbacks.Add(new EarlyStopping<float>(1));
        Assert.Contains("EveryEpochs", Assert.Throws<InvalidOperationException>(() => trainer.Run()).Message);
    }

    [Fact]
    public void Metric_without_meaning_for_the_task_is_refused_when_the_trainer_is_made() => Assert.Contains(
        "R²", Assert.Throws<ArgumentException>(() => Create(new() { Metrics = [new RSquared()] }, 1)).Message);

    [Fact]
    public void Metrics_of_evaluations_survive_a_checkpoint()
    {
        var checkpointing = new Checkpointing(_folder["run"]);
        EvaluationPlan evaluation = new() { EveryEpochs = 1, Metrics = [new MacroF1(), new LogLoss()] };
        using Trainer<float> trainer = Create(evaluation, 4, checkpointing);
        trainer.Run();
        using Trainer<float> resumed = Create(evaluation, 4, checkpointing);
        Assert.True(resumed.TryResume());
        Assert.Equal(trainer.Curve, resumed.Curve);
        Assert.Equal(2, resumed.Curve[0].Validation!.Metrics.Count);
        Assert.Contains("macro F1, log loss", Assert.Throws<KeyNotFoundException>(() => resumed.Curve[0].Training["F1"]).Message);
    }

    [Theory]
    [InlineData(4, 7)]
    [InlineData(4, 4)]
    public void Run_that_has_ended_is_trained_further_from_its_checkpoint_to_the_same_bits(int first, int then)
    {
        var checkpointing = new Checkpointing(_folder["run"]);
        EvaluationPlan evaluation = new() { EveryEpochs = 1 };
        using (Trainer<float> begun = Create(evaluation, first, checkpointing))
            begun.Run();
        using Trainer<float> further = Create(evaluation, then, checkpointing);
        Assert.True(further.TryResume());
        Assert.Equal(4 * first, further.StepsDone);
        further.Run();
        using Trainer<float> atOnce = Create(evaluation, then);
        atOnce.Run();
        Assert.Equal(atOnce.Model.Sha256(), further.Model.Sha256());
        Assert.Equal(atOnce.Curve, further.Curve);
    }

    private static Trainer<float> Create(EvaluationPlan evaluation, int epochs, Checkpointing? checkpointing = null)
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        plan = plan with { Schedule = 0.05, Length = TrainingLength.Epochs(epochs), Evaluation = evaluation };
        return new(model, plan, Data, Data.Take(30)) { Checkpointing = checkpointing };
    }
}
