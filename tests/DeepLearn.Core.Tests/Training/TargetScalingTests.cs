using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>Targets of any unit and mean are learned as numbers around 0, and measured in their own unit.</summary>
public sealed class TargetScalingTests : IDisposable
{
    private static readonly DenseDataset<double> Data = Line(200, 1.7e9, 1e3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Normalization_of_targets_is_their_mean_and_standard_deviation()
    {
        var data = new DenseDataset<double>(
            new Matrix<double>(2, 1), Matrix<double>.FromArray(new[,] { { 1.7e9, 2.23 }, { 1.7e9 + 4, 2.23 } }));
        Normalization scaling = Normalization.OfTargets(data);
        Assert.Equal([1.7e9 + 2, 2.23], scaling.Mean);
        Assert.Equal([2, 1], scaling.StandardDeviation);
        Assert.Contains("0.", Assert.Throws<ArgumentException>(() => Normalization.OfTargets(TrainingData.Striped(3))).Message);
    }

    [Fact]
    public void Regression_of_large_targets_in_float_is_learned_with_scaling_and_measured_in_their_unit()
    {
        TrainingPlan plan = Plan with { TargetScaling = Normalization.OfTargets(Data) };
        Model<float> model = new Sequential(new Dense(1)).Build<float>(2, 1);
        using var trainer = new Trainer<float>(model, plan, Data, Line(50, 1.7e9, 1e3));
        Evaluation last = trainer.Run().Curve[^1].Validation!;
        Assert.InRange(last["R²"], 0.9999, 1);
        Assert.Equal(plan.TargetScaling, model.Card.TargetScaling);
        Assert.Contains(model.Card.Training!.Metrics, metric => metric.Name == "validation R²");
        Assert.InRange(last["root mean squared error"], 0, 10);

        // The loss is that of the scaled targets: the squared error over their variance.
        double spread = plan.TargetScaling!.StandardDeviation[0];
        Assert.Equal(last["root mean squared error"] * last["root mean squared error"] / (spread * spread), last.Loss, 1e-5);
    }

    [Fact]
    public void Plan_without_the_scaling_that_the_model_was_trained_with_is_refused()
    {
        TrainingPlan plan = Plan with { TargetScaling = Normalization.OfTargets(Data) };
        Model<float> model = new Sequential(new Dense(1)).Build<float>(2, 1);
        using (var trainer = new Trainer<float>(model, plan, Data))
            trainer.Run();
        Assert.Contains(
            "the plan has no TargetScaling", Assert.Throws<ArgumentException>(() => new Trainer<float>(model, Plan, Data)).Message);
        model.Card = ModelCard.Empty;
        new Trainer<float>(model, Plan, Data).Dispose();
    }

    [Fact]
    public void Evaluator_without_the_scaling_that_the_model_was_trained_with_is_refused()
    {
        TrainingPlan plan = Plan with { TargetScaling = Normalization.OfTargets(Data), Normalization = Normalization.PerFeature(Data) };
        Model<float> model = new Sequential(new Dense(1)).Build<float>(2, 1);
        using var trainer = new Trainer<float>(model, plan, Data);
        trainer.Run();
        Assert.Contains("'targetScaling'", Refused(new(model, plan.Loss, plan.Regularizer, Data.Description, plan.Normalization)));
        Assert.Contains(
            "'normalization'",
            Refused(new(model, plan.Loss, plan.Regularizer, Data.Description, targetScaling: plan.TargetScaling)));
        var whole = new Evaluator<float>(
            model, plan.Loss, plan.Regularizer, Data.Description, plan.Normalization, targetScaling: plan.TargetScaling);
        Assert.InRange(whole.MeasureUsual(Data)["R²"], 0.9, 1);

        static string Refused(Evaluator<float> evaluator)
        {
            string message = Assert.Throws<InvalidOperationException>(() => evaluator.MeasureUsual(Data)).Message;
            Assert.Throws<InvalidOperationException>(() => evaluator.Evaluate(Data));
            Assert.Throws<InvalidOperationException>(() => evaluator.Measure(Data, [new RSquared()]));
            return message;
        }
    }

    [Fact]
    public void Scaled_targets_of_a_batch_lose_no_digits_to_a_large_mean()
    {
        Normalization scaling = Normalization.OfTargets(Data);
        using var loader = new BatchLoader<float>(Data, 200, RandomKey.FromSeed(1), new() { Shuffle = false, TargetScaling = scaling });
        Batch<float> batch = loader.Next();
        var exact = new Matrix<double>(200, 1);
        Data.GatherTargets([.. Enumerable.Range(0, 200)], exact.View);
        for (int i = 0; i < 200; i++)
            Assert.Equal((exact[i, 0] - scaling.Mean[0]) / scaling.StandardDeviation[0], batch.Targets![i, 0], 2e-7);
    }

    [Fact]
    public void TargetScaling_of_classes_or_of_another_width_is_refused()
    {
        Model<float> classes = TrainingData.Network.Build<float>(24, 1);
        TrainingPlan plan = TrainingData.Plan with { TargetScaling = Normalization.UnitRange(1) };
        Assert.Throws<ArgumentException>(() => new Trainer<float>(classes, plan, TrainingData.Striped(10)));
        Model<float> model = new Sequential(new Dense(1)).Build<float>(2, 1);
        Assert.Contains("found 2", Assert.Throws<ArgumentException>(
            () => new Trainer<float>(model, Plan with { TargetScaling = Normalization.UnitRange(2) }, Data)).Message);
    }

    [Fact]
    public void Checkpoint_of_a_run_with_another_scaling_of_targets_is_refused()
    {
        var checkpointing = new Checkpointing(_folder["run"]);
        TrainingPlan plan = Plan with { TargetScaling = Normalization.OfTargets(Data) };
        using (Trainer<float> trainer = Create(plan))
            trainer.Run();
        using (Trainer<float> same = Create(plan))
            Assert.True(same.TryResume());
        using Trainer<float> other = Create(plan with { TargetScaling = Normalization.UnitRange(1) });
        Assert.Equal("run/target scaling", Assert.Throws<IdentityMismatchException>(() => other.TryResume()).Field);

        Trainer<float> Create(TrainingPlan of)
        {
            Model<float> model = new Sequential(new Dense(1)).Build<float>(2, 1);
            return new(model, of with { Length = TrainingLength.Steps(3) }, Data) { Checkpointing = checkpointing };
        }
    }

    private static TrainingPlan Plan => new()
    {
        Schedule = 0.05,
        Length = TrainingLength.Epochs(40),
        BatchSize = 20,
        Loss = new MeanSquaredError(),
        Optimizer = new Adam(),
        Normalization = Normalization.PerFeature(Data),
        Evaluation = new() { Metrics = [new RSquared(), new Rmse()] },
    };

    private static DenseDataset<double> Line(int count, double mean, double factor)
    {
        RandomStream random = RandomKey.FromSeed((ulong)count).Open();
        Matrix<double> features = new(count, 2), targets = new(count, 1);
        for (int i = 0; i < count; i++)
        {
            (features[i, 0], features[i, 1]) = (random.NextUniform(), random.NextUniform());
            targets[i, 0] = mean + (factor * features[i, 0]) - (2 * factor * features[i, 1]);
        }
        return new(features, targets);
    }
}
