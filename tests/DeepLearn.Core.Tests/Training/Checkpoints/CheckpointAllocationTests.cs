using DeepLearn.Data;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>Between two checkpoints a step allocates nothing, as without any.</summary>
[Collection(Alone.Name)]
public class CheckpointAllocationTests
{
    [Fact]
    public void Checkpointing_steps_that_write_no_checkpoint_allocate_nothing()
    {
        using var folder = new TemporaryFolder();
        ByteDataset data = TrainingData.Striped(60);
        TrainingPlan plan = TrainingData.Plan with
        { Length = TrainingLength.Steps(600), Evaluation = new() { AtEnd = false, Every = 599 } };
        var run = new Interruption<float>(TrainingData.Network, plan, data, null);
        long written = Allocated(new(folder["a"]) { Every = 300 }), wholeRun = Allocated(new(folder["b"]) { Every = 100_000 });
        Assert.Equal(0, wholeRun);
        Assert.True(written > 0);

        // From step 150 to step 450.
        long Allocated(Checkpointing checkpointing)
        {
            var meter = new Meter();
            using Trainer<float> trainer = run.Create(checkpointing);
            trainer.Callbacks.Add(meter);
            trainer.Callbacks.Add(new EarlyStopping<float>(3));
            trainer.Run();
            return meter.Bytes;
        }
    }

    private sealed class Meter : TrainingCallback<float>
    {
        private long _start;

        public long Bytes { get; private set; }

        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step == 150)
                _start = GC.GetAllocatedBytesForCurrentThread();
            if (report.Step == 450)
                Bytes = GC.GetAllocatedBytesForCurrentThread() - _start;
            return TrainingDecision.Continue;
        }
    }
}
