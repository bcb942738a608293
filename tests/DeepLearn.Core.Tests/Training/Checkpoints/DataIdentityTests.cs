using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;
using Xunit;

namespace DeepLearn.Tests.Training.Checkpoints;

/// <summary>A checkpoint knows the data that its run was trained on, as training reads them.</summary>
public class DataIdentityTests
{
    /// <summary>Training reads numbers in double, where it scales them, and so tells these apart.</summary>
    [Theory]
    [InlineData(25, 0)]
    [InlineData(0, 25)]
    public void Checkpoint_of_data_that_differ_by_less_than_the_precision_of_the_model_is_refused(double feature, double target)
    {
        using var folder = new TemporaryFolder();
        DenseDataset<double> data = Data(0, 0), others = Data(feature, target);
        var plan = new TrainingPlan
        {
            Schedule = 0.1,
            Length = TrainingLength.Epochs(2),
            BatchSize = 10,
            Loss = new MeanSquaredError(),
            Normalization = Normalization.PerFeature(data),
            TargetScaling = Normalization.OfTargets(data),
        };
        Checkpointing checkpointing = new(folder["run.checkpoint"]);
        using (Trainer<float> trainer = On(data))
            trainer.Run();
        using (Trainer<float> again = On(data))
            Assert.True(again.TryResume());
        using Trainer<float> other = On(others);
        Assert.Equal("run/training set", Assert.Throws<IdentityMismatchException>(() => other.TryResume()).Field);

        Trainer<float> On(Dataset training) =>
            new(new Dense(1).Build<float>(new Shape(1), 1), plan, training) { Checkpointing = checkpointing };
    }

    /// <summary>They are normalized in another way, whose last bits differ.</summary>
    [Fact]
    public void Checkpoint_of_bytes_is_refused_for_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        ByteDataset bytes = TrainingData.Striped(60);
        var numbers = new Matrix<float>(60, bytes.ExampleShape.Count);
        bytes.GatherRange(0, null, numbers.View);
        Interruption<float> run = new(TrainingData.Network, TrainingData.Plan, bytes, null);
        Checkpointing checkpointing = new(folder["run.checkpoint"]);
        using (Trainer<float> trainer = run.Create(checkpointing))
            trainer.Run();
        Interruption<float> other = run with { Training = new DenseDataset<float>(numbers, bytes.Labels.ToArray(), classes: 3) };
        using Trainer<float> refused = other.Create(checkpointing);
        Assert.Equal("run/training set", Assert.Throws<IdentityMismatchException>(() => refused.TryResume()).Field);
    }

    private static DenseDataset<double> Data(double feature, double target)
    {
        Matrix<double> features = new(40, 1), targets = new(40, 1);
        for (int i = 0; i < 40; i++)
            (features[i, 0], targets[i, 0]) = (1e9 + i, 1e9 + (i % 7 * 3));
        features[0, 0] += feature;
        targets[0, 0] += target;
        return new(features, targets);
    }
}
