using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>Weights of examples count in training, in evaluations and in the identity of a run.</summary>
public sealed class ExampleWeightTrainingTests : IDisposable
{
    private static readonly Dataset Data = TrainingData.Striped(24);
    private static readonly double[] Weights = [.. Enumerable.Range(0, 24).Select(i => (double)(i % 3))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_with_whole_weights_is_training_with_repeated_examples()
    {
        int[] repeated = [.. Enumerable.Range(0, 24).SelectMany(i => Enumerable.Repeat(i, (int)Weights[i]))];

        // The whole set in a batch, and no penalty: the mean is over other numbers of examples, which the rate makes up for.
        Model<double> weighted = Train(Data.WithWeights(Weights), 0.02), plain = Train(Data.Subset(repeated), 0.02 * repeated.Length / 24);
        for (int i = 0; i < plain.Parameters.Count; i++)
        {
            for (int j = 0; j < plain.Parameters[i].Value.Count; j++)
                Assert.Equal(plain.Parameters[i].Value.AsSpan()[j], weighted.Parameters[i].Value.AsSpan()[j], 1e-10);
        }
        Assert.NotEqual(Train(Data, 0.02).Sha256(), weighted.Sha256());
    }

    [Fact]
    public void Weights_that_the_precision_cannot_hold_are_refused_when_the_trainer_is_made()
    {
        foreach (double weight in new[] { 1e39, 1e-44 })
        {
            double[] weights = [.. Weights];
            weights[5] = weight;
            string message = Assert.Throws<ArgumentException>(() => Train<float>(Data.WithWeights(weights), 0.02)).Message;
            Assert.Contains($"weight of example 5 of the training set is {(weight > 1 ? "1E+39" : "1E-44")}, which float", message);
        }

        // Double holds them; with all others at 0, only the one counts, and its share of the batch is its weight.
        var small = new double[24];
        small[5] = 1e-44;
        Train<double>(Data.WithWeights(small), 0.02);
    }

    [Fact]
    public void Validation_set_of_weights_of_0_has_no_accuracy_and_the_model_is_saved_all_the_same()
    {
        Dataset none = TrainingData.Striped(48).WithWeights([.. Enumerable.Range(0, 48).Select(i => i < 24 ? 1.0 : 0)]).Skip(24);
        Model<float> model = TrainingData.Network.Build<float>(24, 1);
        var plan = new TrainingPlan { Schedule = 0.02, BatchSize = 24, Length = TrainingLength.Steps(2) };
        using var trainer = new Trainer<float>(model, plan, Data, none);
        Evaluation found = trainer.Run(cancellationToken: TestContext.Current.CancellationToken).Curve[^1].Validation!;
        Assert.Null(found.Accuracy);
        Assert.Equal(0, found.Loss);
        model.Save(_folder["model.safetensors"]);
        Assert.Equal(
            ["training loss", "training accuracy", "validation loss"], model.Card.Training!.Metrics.Select(metric => metric.Name));
    }

    [Fact]
    public void Evaluation_of_weighted_examples_counts_them_by_their_weights()
    {
        Model<float> model = TrainingData.Network.Build<float>(24, 1);
        var evaluator = new Evaluator<float>(
            model, new DeepLearn.Losses.SoftmaxCrossEntropy(), DeepLearn.Regularizers.Regularizer.None, Data.Description);
        int[] repeated = [.. Enumerable.Range(0, 24).SelectMany(i => Enumerable.Repeat(i, (int)Weights[i]))];
        Evaluation weighted = evaluator.Evaluate(Data.WithWeights(Weights)), plain = evaluator.Evaluate(Data.Subset(repeated));
        Assert.Equal(plain.Accuracy!.Value, weighted.Accuracy!.Value, 1e-12);
        Assert.Equal(plain.Loss * repeated.Length / 24, weighted.Loss, 1e-5);
        IReadOnlyDictionary<string, double> usual = evaluator.MeasureUsual(Data.WithWeights(Weights));
        Assert.All(evaluator.MeasureUsual(Data.Subset(repeated)), pair => Assert.Equal(pair.Value, usual[pair.Key], 1e-12));
    }

    [Fact]
    public void Checkpoint_of_a_run_with_other_weights_is_refused()
    {
        var checkpointing = new Checkpointing(_folder["run"]);
        using (Trainer<float> trainer = Create(Data.WithWeights(Weights), checkpointing))
            trainer.Run();
        using (Trainer<float> same = Create(Data.WithWeights(Weights), checkpointing))
            Assert.True(same.TryResume());
        foreach (Dataset other in (Dataset[])[Data, Data.WithWeights([.. Weights.Select(weight => 2 * weight)])])
        {
            using Trainer<float> different = Create(other, checkpointing);
            Assert.Equal("run/training set", Assert.Throws<IdentityMismatchException>(() => different.TryResume()).Field);
        }
    }

    private static Trainer<float> Create(Dataset data, Checkpointing checkpointing)
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        return new(model, plan with { Length = TrainingLength.Steps(3) }, data) { Checkpointing = checkpointing };
    }

    private static Model<double> Train(Dataset data, double rate) => Train<double>(data, rate);

    private static Model<T> Train<T>(Dataset data, double rate)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = TrainingData.Network.Build<T>(24, 1);
        var plan = new TrainingPlan
        {
            Schedule = rate,
            Length = TrainingLength.Steps(5),
            Normalization = Normalization.UnitRange(24),
        };
        using var trainer = new Trainer<T>(model, plan, data);
        trainer.Run();
        return model;
    }
}
