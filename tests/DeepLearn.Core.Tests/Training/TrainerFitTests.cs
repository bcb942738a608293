using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What cannot be right is refused when the trainer is made.</summary>
public class TrainerFitTests
{
    private static readonly TrainingPlan Plan = new() { Schedule = 0.01, Length = TrainingLength.Steps(2) };

    [Fact]
    public void Trainer_default_loss_with_one_output_is_refused() => Refuses(
        new Dense(1), Plan, Table(4, 2, "a", "b"), null, "training set", "at least two outputs", "found 1");

    [Fact]
    public void Trainer_regression_targets_with_a_loss_of_labels_are_refused()
    {
        Dataset numbers = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 } }, new float[,] { { 1 }, { 2 } });
        Refuses(new Dense(1), Plan, numbers, null, "at least two outputs");
        Refuses(new Dense(2), Plan with { Loss = new MulticlassHinge() }, numbers, null, "class labels", "rows of numbers");
        Refuses(new Dense(2), Plan with { Loss = new MeanSquaredError() }, numbers, null, "rows of 2 numbers", "has 1");
    }

    [Fact]
    public void Trainer_evaluation_loss_that_does_not_fit_is_refused() => Refuses(
        new Dense(2), Plan with { EvaluationLoss = new MeanSquaredError() }, Table(4, 2, "a", "b"), null, "rows of numbers",
        "class labels");

    [Fact]
    public void Trainer_empty_data_are_refused()
    {
        Refuses(new Dense(2), Plan, Table(0, 2, "a", "b"), null, "training set has at least one example");
        Refuses(new Dense(2), Plan, Table(4, 2, "a", "b"), Table(0, 2, "a", "b"), "validation set has at least one example");
    }

    [Fact]
    public void Trainer_validation_set_that_means_something_else_is_refused()
    {
        Dataset training = Table(4, 2, "a", "b");
        Refuses(new Dense(2), Plan, training, Table(4, 3, "a", "b"), "2 classes", "has 3");
        Refuses(new Dense(2), Plan, training, Table(4, 2, "b", "a"), "a as feature 0", "has b");
        Refuses(new Dense(2), Plan, training, Table(4, 2, ["c"]), "[2]", "[1]");
        Refuses(new Dense(2), Plan, Picture(PixelOrder.ChannelsLast), Picture(PixelOrder.Planar), "ChannelsLast", "Planar");
        Dataset named = Named("x", "y");
        Refuses(new Dense(2), Plan, named, Named("y", "x"), "x as class 0", "has y");
        using var accepted = new Trainer<float>(new Dense(2).Build<float>(2, 1), Plan, named, training);
    }

    [Fact]
    public void Ensemble_of_networks_with_one_output_is_refused()
    {
        string message = Assert.Throws<ShapeMismatchException>(() =>
            new Ensemble(EnsembleCombination.Average, new Dense(1), new Dense(1)).Build<float>(3, 1)).Message;
        Assert.Contains("at least two classes", message);
    }

    [Fact]
    public void Trainer_evaluates_with_the_evaluation_loss_and_trains_with_the_other()
    {
        ByteDataset data = TrainingData.Striped(120);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        TrainingPlan smoothed = plan with { Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.3 } };
        (_, Model<float> other) = TrainingData.Plan.Prepare<float>(data);
        using var trainer = new Trainer<float>(model, smoothed, data);
        using var plain = new Trainer<float>(other, smoothed with { EvaluationLoss = new SoftmaxCrossEntropy() }, data);
        trainer.Run();
        plain.Run();
        Assert.Equal(model.Sha256(), other.Sha256());
        Assert.True(plain.Curve[^1].Training.Loss < trainer.Curve[^1].Training.Loss - 0.1);
        var evaluator = new Evaluator<float>(other, new SoftmaxCrossEntropy(), plan.Regularizer, data.Description, plan.Normalization);
        Assert.Equal(evaluator.Evaluate(data), plain.Curve[^1].Training);
    }

    [Fact]
    public void LearningRateSchedule_from_a_number_is_constant()
    {
        LearningRateSchedule schedule = 0.01;
        Assert.Equal(new ConstantSchedule(0.01), schedule);
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan with { Schedule = -1 });
    }

    private static void Refuses(Layer network, TrainingPlan plan, Dataset training, Dataset? validation, params string[] said)
    {
        Model<float> model = network.Build<float>(training.ExampleShape, 1);
        string message = Assert.Throws<ArgumentException>(() => new Trainer<float>(model, plan, training, validation)).Message;
        Assert.All(said, text => Assert.Contains(text, message));
    }

    private static DenseDataset<float> Table(int count, int classes, params string[] names) => new(
        new Matrix<float>(count, names.Length),
        [.. Enumerable.Range(0, count).Select(i => i % classes)],
        null,
        new DatasetDescription(names.Length) { Classes = classes, FeatureNames = [.. names] });

    private static DenseDataset<float> Named(params string[] classes) => new(
        new Matrix<float>(4, 2),
        [0, 1, 0, 1],
        null,
        new DatasetDescription(2) { Classes = 2, ClassNames = [.. classes] });

    private static ByteDataset Picture(PixelOrder order) =>
        new(new byte[4 * 27], [0, 1, 0, 1], new DatasetDescription(new Shape(3, 3, 3)) { Classes = 2, Order = order });
}
