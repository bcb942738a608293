using System.Runtime.CompilerServices;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What a trainer keeps, and what it lets go of, when it is disposed of.</summary>
[Collection(Alone.Name)]
public class TrainerDisposalTests
{
    /// <summary>
    /// A process that trains one large network after another holds the memory of about one. The collector by itself lets several runs'
    /// buffers lie, since they are pinned.
    /// </summary>
    [Fact]
    public void Trainer_memory_of_a_disposed_run_is_free_for_the_next()
    {
        ByteDataset data = TrainingData.Striped(400_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var trainers = new List<Trainer<float>>();
        long one = Train(data, trainers);
        Assert.True(one > 200 << 20, $"A run must be large for this test; found {one} bytes.");
        for (int i = 0; i < 5; i++)
        {
            Train(data, trainers);
            long left = GC.GetTotalMemory(forceFullCollection: false) - before;
            Assert.True(left < one / 2, $"After {i + 2} runs of {one >> 20} MiB each, {left >> 20} MiB are still held.");
        }
        Assert.All(trainers, trainer => Assert.Equal(1, trainer.StepsDone));
    }

    [Fact]
    public void Trainer_disposed_of_keeps_its_results_and_refuses_all_else()
    {
        ByteDataset data = TrainingData.Striped(120);
        using var folder = new Search.TemporaryFolder();
        Trainer<float> trainer = WithCheckpoint(data, folder.File("run.checkpoint"));
        (TrainingPlan plan, Model<float> model) = (trainer.Plan, trainer.Model);
        trainer.Run();
        trainer.Dispose();
        trainer.Dispose();
        Assert.Equal(60, trainer.StepsDone);
        Assert.Equal(60, trainer.TotalSteps);
        Assert.Equal(7, trainer.Curve.Count);
        Assert.Same(model, trainer.Model);
        Assert.Same(plan, trainer.Plan);
        Assert.Throws<ObjectDisposedException>(() => trainer.Run());
        Assert.Throws<ObjectDisposedException>(() => trainer.Measure(data));
        Assert.Throws<ObjectDisposedException>(() => trainer.Memory);
        Assert.Throws<ObjectDisposedException>(() => trainer.TryResume());
        Assert.Throws<ObjectDisposedException>(trainer.SaveCheckpoint);
    }

    [Fact]
    public void Trainer_disposed_of_by_a_callback_ends_and_lets_go_of_its_checkpoint()
    {
        using var folder = new Search.TemporaryFolder();
        string checkpoint = folder.File("run.checkpoint");
        Trainer<float> trainer = WithCheckpoint(TrainingData.Striped(120), checkpoint);
        trainer.Callbacks.Add(new Disposing(trainer));
        Assert.Throws<ObjectDisposedException>(() => trainer.Run());
        Assert.Equal(3, trainer.StepsDone);
        using FileLock? free = FileLock.TryTake(checkpoint + ".lock");
        Assert.NotNull(free);
    }

    private static Trainer<float> WithCheckpoint(ByteDataset data, string checkpoint)
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        return new(model, plan, data) { Checkpointing = new(checkpoint) };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Train(ByteDataset data, List<Trainer<float>> trainers)
    {
        Model<float> model = new Sequential(new Dense(64), new Relu(), new Dense(3)).Build<float>(data.ExampleShape, 1);
        TrainingPlan plan = TrainingData.Plan with
        {
            BatchSize = data.Count,
            Length = TrainingLength.Steps(1),
            Optimizer = new Sgd(),
            Evaluation = new() { TrainingExamples = 100 },
        };
        using var trainer = new Trainer<float>(model, plan, data);
        trainer.Run();
        trainers.Add(trainer);
        return trainer.Memory.Buffers;
    }

    private sealed class Disposing(Trainer<float> trainer) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step == 3)
                trainer.Dispose();
            return TrainingDecision.Continue;
        }
    }
}
