using DeepLearn.Data;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>Weights that are not finite are no checkpoint: the one before stays.</summary>
public sealed class LostWeightsTests : IDisposable
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Checkpoint_of_weights_that_are_not_finite_does_not_replace_a_good_one(float lost)
    {
        var checkpointing = new Checkpointing(_folder["run.safetensors"]) { Every = 1 };
        byte[] good = [];
        using (Trainer<float> trainer = Create(checkpointing, step =>
        {
            if (step == 4)
                good = File.ReadAllBytes(checkpointing.Path);
            return step == 4 ? lost : null;
        }))
        {
            var exception = Assert.Throws<TrainingDivergedException>(() => trainer.Run());
            Assert.Contains("dense1/weights", exception.Message);
            Assert.Equal(4, exception.Step);
        }
        Assert.Equal(good, File.ReadAllBytes(checkpointing.Path));
        using Trainer<float> resumed = Create(checkpointing, _ => null);
        Assert.True(resumed.TryResume());
        Assert.Equal(3, resumed.StepsDone);
        resumed.Run();
    }

    [Fact]
    public void Canceled_run_with_lost_weights_is_canceled_and_keeps_the_good_checkpoint()
    {
        var checkpointing = new Checkpointing(_folder["run.safetensors"]) { Every = 3 };
        using var source = new CancellationTokenSource();
        using Trainer<float> trainer = Create(checkpointing, step =>
        {
            if (step == 4)
                source.Cancel();
            return step == 4 ? float.NaN : null;
        });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(cancellationToken: source.Token));
        using Trainer<float> resumed = Create(checkpointing, _ => null);
        Assert.True(resumed.TryResume());
        Assert.Equal(3, resumed.StepsDone);
    }

    private static Trainer<float> Create(Checkpointing checkpointing, Func<long, float?> lose)
    {
        (TrainingPlan plan, DeepLearn.Models.Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        plan = plan with { Evaluation = new() { AtEnd = false } };
        return new(model, plan, Data) { Checkpointing = checkpointing, Callbacks = { new Loser(lose) } };
    }

    private sealed class Loser(Func<long, float?> lose) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (lose(report.Step) is { } lost)
                report.Model.Parameters[0].Value.AsSpan()[5] = lost;
            return TrainingDecision.Continue;
        }
    }
}
