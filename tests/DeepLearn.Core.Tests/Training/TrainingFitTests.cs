using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Schedules;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>What is given for training is checked when it is given, or before the first step: metrics, callbacks, options.</summary>
public class TrainingFitTests
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);

    [Fact]
    public void Trainer_metric_of_more_classes_than_there_are_is_refused_when_the_trainer_is_made() =>
        Refuses<ArgumentException>(() => Create(Metrics(new TopKAccuracy(4)), Data), "first 4 classes", "found 3");

    [Fact]
    public void Trainer_metric_that_knows_no_weights_is_refused_with_weighted_data_when_the_trainer_is_made()
    {
        Dataset weighted = Data.WithWeights([.. Enumerable.Range(1, 60).Select(i => (double)i)]);
        Refuses<ArgumentException>(() => Create(Metrics(new ExpectedCalibrationError()), weighted), "calibration", "without weights");
        Refuses<ArgumentException>(() => Create(Metrics(new ExpectedCalibrationError()), Data, weighted), "without weights");
        Create(Metrics(new ExpectedCalibrationError()), Data, Data).Dispose();
        Create(Metrics(new MacroF1()), weighted, weighted).Dispose();
    }

    [Fact]
    public void CrossValidation_metric_without_meaning_is_refused_before_a_fold_is_trained()
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        string before = model.Sha256();
        Refuses<ArgumentException>(
            () => CrossValidation.RunFold(0, model, plan, Data, Data, [new RSquared()]), "R²", "no meaning");
        Refuses<ArgumentException>(
            () => CrossValidation.RunFold(0, model, plan, Data, Data, [new TopKAccuracy(9)]), "first 9 classes");
        Assert.Equal(before, model.Sha256());
    }

    [Fact]
    public void Trainer_regression_of_several_targets_with_the_default_loss_is_refused_at_its_first_step()
    {
        var rows = new float[,] { { 1, 2 }, { 2, 3 }, { 3, 5 } };
        Dataset numbers = DenseDataset<float>.FromArray(rows, new float[,] { { 10, 200 }, { 20, 100 }, { 15, 150 } });
        Model<float> model = new Dense(2).Build<float>(2, 1);
        string before = model.Sha256();
        using var trainer = new Trainer<float>(model, new() { Schedule = 0.1, Length = TrainingLength.Steps(3) }, numbers);
        Refuses<ArgumentException>(() => trainer.Run(), "probabilities, from 0 to 1", nameof(MeanSquaredError));
        Assert.Equal((0, before), (trainer.StepsDone, model.Sha256()));
    }

    [Fact]
    public void TrainingPlan_numbers_out_of_range_are_refused_when_they_are_given()
    {
        TrainingPlan plan = TrainingData.Plan;
        Assert.Throws<ArgumentOutOfRangeException>(() => plan with { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => plan with { Prefetch = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvaluationPlan { TrainingExamples = -1 });
    }

    [Fact]
    public void EarlyStopping_of_a_loss_that_is_to_grow_is_refused() =>
        Refuses<ArgumentException>(() => new EarlyStopping<float>(1, higherIsBetter: true), "loss is to fall", "accuracy");

    [Fact]
    public void SnapshotRecorder_with_another_schedule_than_the_plan_is_refused_before_training()
    {
        using Trainer<float> trainer = Create(new(), Data);
        trainer.Callbacks.Add(new SnapshotRecorder<float>(new TriangularSchedule(1e-4, 1e-1, 7)));
        Refuses<InvalidOperationException>(() => trainer.Run(), "SnapshotRecorder", trainer.Plan.Schedule.ToString()!);
        Assert.Equal(0, trainer.StepsDone);
    }

    [Fact]
    public void AveragedWeights_of_another_model_than_the_trained_one_are_refused_at_the_first_step()
    {
        using Trainer<float> trainer = Create(new(), Data);
        trainer.Callbacks.Add(new AveragedWeights<float>(TrainingData.Network.Build<float>(Data.ExampleShape, 1)));
        Refuses<InvalidOperationException>(() => trainer.Run(), "averages the weights of the model that it was made for");
    }

    private static void Refuses<TException>(Action action, params string[] said)
        where TException : Exception
    {
        string message = Assert.ThrowsAny<TException>(action).Message;
        Assert.All(said, text => Assert.Contains(text, message));
    }

    private static EvaluationPlan Metrics(params Metric[] metrics) => new() { Metrics = [.. metrics] };

    private static Trainer<float> Create(EvaluationPlan evaluation, Dataset training, Dataset? validation = null)
    {
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
        return new(model, plan with { Evaluation = evaluation }, training, validation);
    }
}
