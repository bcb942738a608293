using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What one thread at a time may use refuses a second one, which would work in the same memory.</summary>
public class TrainerUseTests
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);

    [Fact]
    public void Trainer_that_trains_is_refused_to_other_threads_and_serves_its_callbacks()
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        using var trainer = new Trainer<float>(model, plan, Data);
        var visitor = new Visitor(2, () =>
        {
            Assert.Contains("in use by what called this", Refused(() => trainer.Run()));
            Assert.Contains("in use by what called this", Refused(() => trainer.TryResume()));
            Assert.InRange(trainer.Measure(Data).Loss, 0, 100);
            foreach (Action use in (Action[])[() => trainer.Run(), () => trainer.Measure(Data)])
                Assert.Contains("The trainer is in use on another thread", Refused(() => OnAnotherThread(use)));
        });
        trainer.Callbacks.Add(visitor);
        string sha256 = ShaOf(trainer);
        Assert.True(visitor.Came);
        Assert.Equal(trainer.TotalSteps, trainer.StepsDone);

        // It may be used again, and what was refused has changed nothing.
        trainer.Measure(Data);
        using var plain = new Trainer<float>(TrainingData.Network.Build<float>(Data.ExampleShape, 1), plan, Data);
        Assert.Equal(ShaOf(plain), sha256);
    }

    [Fact]
    public void Model_that_one_trainer_trains_is_refused_to_another()
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        using Trainer<float> one = new(model, plan, Data), other = new(model, plan, Data);
        var visitor = new Visitor(2, () =>
        {
            Assert.Contains("The model is in use by what called this", Refused(() => other.Run()));
            Assert.Contains("The model is in use on another thread", Refused(() => OnAnotherThread(() => other.Run())));
        });
        one.Callbacks.Add(visitor);
        one.Run();
        Assert.True(visitor.Came);
        Assert.Equal(0, other.StepsDone);
        other.Run();
        Assert.Equal(other.TotalSteps, other.StepsDone);
    }

    [Fact]
    public void Evaluator_in_use_is_refused_to_others()
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        var evaluator = new Evaluator<float>(model, plan.Loss, plan.Regularizer, Data.Description, plan.Normalization);
        var visited = new Visited(Data, () =>
        {
            Assert.Contains("The evaluator is in use by what called this", Refused(() => evaluator.Evaluate(Data)));
            Assert.Contains("on another thread", Refused(() => OnAnotherThread(() => evaluator.Measure(Data, [new Accuracy()]))));
        });
        double loss = evaluator.Evaluate(visited).Loss;
        Assert.True(visited.Came);
        Assert.Equal(evaluator.Evaluate(Data).Loss, loss);
    }

    private static string ShaOf(Trainer<float> trainer)
    {
        trainer.Run();
        return trainer.Model.Sha256();
    }

    private static string Refused(Action use) => Assert.Throws<InvalidOperationException>(use).Message;

    private static void OnAnotherThread(Action use)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(use));
        thread.Start();
        thread.Join();
        if (thrown is not null)
            throw thrown;
    }

    private sealed class Visitor(long step, Action visit) : TrainingCallback<float>
    {
        public bool Came { get; private set; }

        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step == step)
            {
                visit();
                Came = true;
            }
            return TrainingDecision.Continue;
        }
    }

    /// <summary>A data set that somebody visits once, in the midst of an evaluation.</summary>
    private sealed class Visited(Dataset inner, Action visit) : Dataset(inner.Count, inner.Description, inner.Labels.ToArray())
    {
        public bool Came { get; private set; }

        protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        {
            if (!Came)
            {
                visit();
                Came = true;
            }
            inner.Gather(indices, transform, destination);
        }
    }
}
