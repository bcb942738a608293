using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

public class TrainerTests
{
    private static readonly TrainingPlan Plan = TrainingData.Plan;

    [Fact]
    public void Trainer_learns_a_learnable_task_and_records_its_curve()
    {
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<float> model) = Plan.Prepare<float>(data);
        using var trainer = new Trainer<float>(model, plan, data, data.Take(40));
        TrainingResult result = trainer.Run();
        Assert.Equal(60, result.Steps);
        Assert.Equal([0, 10, 20, 30, 40, 50, 60], result.Curve.Select(point => point.Step));
        Assert.True(result.Curve[^1].Training.Accuracy > 0.95, $"{result.Curve[^1]}");
        Assert.True(result.Curve[^1].Training.Loss < 0.3 * result.Curve[0].Training.Loss, $"{result.Curve[^1]}");
        Assert.True(result.Curve[^1].Training.Cost > result.Curve[^1].Training.Loss);
        Assert.Equal(plan.Schedule.RateAt(20), result.Curve.Single(point => point.Step == 20).LearningRate);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 2)]
    public void Trainer_with_other_threads_and_prefetch_is_reproducible_bit_for_bit(int threads, int prefetch)
    {
        ByteDataset data = TrainingData.Striped(120);
        string alone = Train(data, Plan, null);
        using var workers = Pools.WithProcessorToSpare(threads);
        Assert.Equal(alone, Train(data, Plan with { Prefetch = prefetch }, workers));
    }

    [Fact]
    public void Trainer_evaluation_does_not_change_the_weights()
    {
        ByteDataset data = TrainingData.Striped(120);
        Assert.Equal(Train(data, Plan, null), Train(data, Plan with { Evaluation = new() { Every = 1 } }, null));
    }

    [Property(MaxTest = 10)]
    public void Trainer_canceled_and_run_again_ends_as_uninterrupted_bit_for_bit(byte stopAt)
    {
        int stop = 1 + (stopAt % 58);
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<float> model) = Plan.Prepare<float>(data);
        using var cancellation = new CancellationTokenSource();
        using var trainer = new Trainer<float>(model, plan, data);
        trainer.Callbacks.Add(new StopAfter(stop, cancellation.Cancel));
        Assert.Throws<OperationCanceledException>(() => trainer.Run(cancellationToken: cancellation.Token));
        Assert.Equal(stop, trainer.StepsDone);
        trainer.Run();
        Assert.Equal(Train(data, Plan, null), model.Sha256());
    }

    [Fact]
    public void Trainer_stopped_by_a_callback_reports_its_steps()
    {
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<float> model) = Plan.Prepare<float>(data);
        using var trainer = new Trainer<float>(model, plan, data);
        trainer.Callbacks.Add(new StopAfter(7, null));
        TrainingResult result = trainer.Run();
        Assert.True(result.Stopped);
        Assert.Equal(7, result.Steps);
    }

    [Fact]
    public void Trainer_diverging_loss_names_the_step_and_leaves_finite_weights()
    {
        ByteDataset data = TrainingData.Striped(120);
        TrainingPlan steep = Plan with
        { Schedule = new ConstantSchedule(1e30), Length = TrainingLength.Steps(50), Evaluation = new() { AtEnd = false } };
        (TrainingPlan plan, Model<float> model) = steep.Prepare<float>(data);
        using var trainer = new Trainer<float>(model, plan, data);
        var models = new List<string>();
        trainer.Callbacks.Add(new AfterEachStep(() => models.Add(model.Sha256())));
        var exception = Assert.Throws<TrainingDivergedException>(() => trainer.Run());
        Assert.Equal(trainer.StepsDone, exception.Step);
        Assert.Contains($"at step {exception.Step}: the loss must be finite", exception.Message);
        Assert.True(exception.Step > 0);
        Assert.Equal(exception.Step, models.Count);
        Assert.Equal(models[^1], model.Sha256());
        Assert.All(
            model.Parameters, parameter => Assert.All(parameter.Value.AsSpan().ToArray(), value => Assert.True(float.IsFinite(value))));
    }

    [Theory]
    [InlineData("training", float.NaN)]
    [InlineData("training", float.PositiveInfinity)]
    [InlineData("validation", float.NaN)]
    [InlineData("validation", float.PositiveInfinity)]
    public void Trainer_cost_that_is_not_finite_is_refused_with_its_data_set(string where, float value)
    {
        Dataset good = Numbers(1), bad = Numbers(value);
        var model = new Dense(1).Build<float>(good.ExampleShape, 1);
        var plan = new TrainingPlan
        {
            Schedule = new ConstantSchedule(1e-3),
            Length = TrainingLength.Steps(4),
            Loss = new MeanSquaredError(),
            Evaluation = new() { AtStart = true },
        };
        using var trainer = where == "training" ? new Trainer<float>(model, plan, bad, good) : new Trainer<float>(model, plan, good, bad);
        var exception = Assert.Throws<TrainingDivergedException>(() => trainer.Run());
        Assert.Contains($"at step 0: the cost on the {where} set must be finite; found", exception.Message);
        Assert.Empty(trainer.Curve);

        static Dataset Numbers(float last) =>
            DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 }, { 3 }, { last } }, new float[,] { { 1 }, { 2 }, { 3 }, { 4 } });
    }

    [Fact]
    public void Trainer_direct_and_two_pass_updates_agree()
    {
        // The same step by another road: an optimizer that does not offer the direct update.
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<double> direct) = Plan.Prepare<double>(data);
        (_, Model<double> twoPass) = Plan.Prepare<double>(data);
        using (var trainer = new Trainer<double>(direct, plan, data))
            trainer.Run();
        using (var trainer = new Trainer<double>(twoPass, plan with { Optimizer = new Roundabout() }, data))
            trainer.Run();
        for (int i = 0; i < direct.Parameters.Count; i++)
        {
            ReadOnlySpan<double> expected = twoPass.Parameters[i].Value.AsSpan();
            ReadOnlySpan<double> actual = direct.Parameters[i].Value.AsSpan();
            for (int j = 0; j < expected.Length; j++)
                Assert.Equal(expected[j], actual[j], 1e-10);
        }
    }

    [Fact]
    public void TrainingStep_allocates_nothing()
    {
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<float> model) = Plan.Prepare<float>(data);
        var step = new TrainingStep<float>(model, plan.Loss, plan.Regularizer, plan.Optimizer, 16);
        using var loader = new BatchLoader<float>(data, 16, RandomKey.FromSeed(1), new() { Normalization = plan.Normalization });
        int number = 0;
        Assert.Equal(0, Allocation.Of(Step, times: 20));

        void Step()
        {
            Batch<float> batch = loader.Next();
            step.Run(batch.FeatureView, Targets<float>.FromLabels(batch.LabelView), 0.01, number, RandomKey.FromSeed(2).Derive(number));
            number++;
        }
    }

    [Fact]
    public void Trainer_data_of_another_shape_are_refused_with_both_shapes()
    {
        ByteDataset data = TrainingData.Striped(20);
        Model<float> model = new Dense(3).Build<float>(7, 1);
        var exception = Assert.Throws<ArgumentException>(() => new Trainer<float>(model, Plan, data));
        Assert.Contains("[7]", exception.Message);
        Assert.Contains("[24]", exception.Message);
    }

    [Fact]
    public void Trainer_length_in_cycles_of_a_schedule_without_cycles_is_refused()
    {
        ByteDataset data = TrainingData.Striped(20);
        (TrainingPlan plan, Model<float> model) = (Plan with { Schedule = new ConstantSchedule(1) }).Prepare<float>(data);
        var exception = Assert.Throws<ArgumentException>(() => new Trainer<float>(model, plan, data));
        Assert.Contains(nameof(ConstantSchedule), exception.Message);
    }

    private static string Train(Dataset data, TrainingPlan basis, WorkerPool? workers)
    {
        (TrainingPlan plan, Model<float> model) = basis.Prepare<float>(data);
        using var trainer = new Trainer<float>(model, plan, data, data.Take(30), workers);
        trainer.Run();
        return model.Sha256();
    }

    private sealed class AfterEachStep(Action act) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            act();
            return TrainingDecision.Continue;
        }
    }

    private sealed class StopAfter(int steps, Action? instead) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step != steps)
                return TrainingDecision.Continue;
            if (instead is null)
                return TrainingDecision.Stop;
            instead();
            return TrainingDecision.Continue;
        }
    }

    /// <summary>Gradient descent in the simple tier: one method, and a gradient that holds every penalty.</summary>
    private sealed record Roundabout : Optimizer
    {
        public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new Runtime<T>(parameters);

        private sealed class Runtime<T>(IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            public override void Update(int index, double rate, long step)
            {
                Span<T> value = Parameters[index].Value.AsSpan();
                Span<T> gradient = Parameters[index].Gradient.AsSpan();
                for (int i = 0; i < value.Length; i++)
                    value[i] -= T.CreateChecked(rate) * gradient[i];
            }
        }
    }
}
