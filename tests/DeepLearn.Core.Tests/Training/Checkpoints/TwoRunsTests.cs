using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>Two runs on one path of checkpoints: the second is refused at once.</summary>
public class TwoRunsTests
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);

    private static readonly Interruption<float> Run = new(TrainingData.Network, TrainingData.Plan, Data, Data.Take(20));

    [Fact]
    public void Checkpoint_of_a_run_that_is_going_on_is_refused_to_another_run()
    {
        using var folder = new TemporaryFolder();
        Checkpointing checkpointing = new(Path.Combine(folder.Root, "run.checkpoint")) { Every = 1 };
        var messages = new List<string>();
        using (Trainer<float> first = Run.Create(checkpointing))
        {
            first.Callbacks.Add(new Meanwhile(step =>
            {
                if (step is not (1 or 5))
                    return;
                using Trainer<float> second = Run.Create(checkpointing);
                messages.Add(Assert.Throws<IOException>(() => second.Run()).Message);
                messages.Add(Assert.Throws<IOException>(second.SaveCheckpoint).Message);
                if (step == 5)
                    messages.Add(Assert.Throws<IOException>(() => second.TryResume()).Message);
            }));
            first.Run();
        }
        Assert.Equal(5, messages.Count);
        Assert.All(messages, message => Assert.Contains($"\"{checkpointing.Path}\" is in use by another run", message));
        Assert.Equal([checkpointing.Path], Directory.GetFiles(Path.GetDirectoryName(checkpointing.Path)!));
    }

    [Fact]
    public void Checkpoint_is_free_for_the_next_run_where_a_run_has_ended_or_failed()
    {
        using var folder = new TemporaryFolder();
        Checkpointing checkpointing = new(Path.Combine(folder.Root, "run.checkpoint")) { Every = 4 };
        Assert.Equal(Run.Uninterrupted(), Run.KilledAt(checkpointing, 6, 11));
        using Trainer<float> late = Run.Create(checkpointing);
        Assert.True(late.TryResume());
        late.SaveCheckpoint();
        using Trainer<float> later = Run.Create(checkpointing);
        Assert.True(later.TryResume());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Checkpoint_is_free_for_the_next_run_where_a_run_fails_at_its_start(int times)
    {
        using var folder = new TemporaryFolder();
        Checkpointing checkpointing = new(Path.Combine(folder.Root, "run.checkpoint")) { Every = 4 };
        var steps = new FailingSteps(times);
        DatasetDescription description = Data.Description with { Preparation = steps };
        var zeros = new Matrix<float>(Data.Count, description.ExampleShape.Count);
        var numbers = new DenseDataset<float>(zeros, Data.Labels.ToArray(), null, description);
        using (var trainer = new Trainer<float>(
            TrainingData.Network.Build<float>(Data.ExampleShape, 1), TrainingData.Plan with { Normalization = null }, numbers)
        {
            Checkpointing = checkpointing,
        })
        {
            steps.Fails = true;
            Assert.Throws<NotSupportedException>(() => trainer.Run());
            Assert.False(File.Exists(checkpointing.Path + ".lock"));
        }
        Assert.Equal(Run.Uninterrupted(), Run.KilledAt(checkpointing, 6, 11));
    }

    private sealed record FailingSteps(int Times) : ExamplePreparation
    {
        private int _calls;

        public bool Fails { get; set; }

        public override string Key => "steps that fail";

        public override string ToJson() => Fails && ++_calls <= Times ? throw new NotSupportedException("No text of these.") : "{}";
    }

    private sealed class Meanwhile(Action<long> action) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            action(report.Step);
            return TrainingDecision.Continue;
        }
    }
}
