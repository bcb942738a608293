using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
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
    public void Trainer_regression_of_several_targets_with_the_default_loss_is_refused_when_the_trainer_is_made()
    {
        var rows = new float[,] { { 1, 2 }, { 2, 3 }, { 3, 5 } };
        Dataset numbers = DenseDataset<float>.FromArray(rows, new float[,] { { 10, 200 }, { 20, 100 }, { 15, 150 } });
        Model<float> model = new Dense(2).Build<float>(2, 1);
        Refuses<ArgumentException>(
            () => new Trainer<float>(model, new() { Schedule = 0.1, Length = TrainingLength.Steps(3) }, numbers),
            "probabilities, from 0 to 1", "found 10 at example 0", nameof(MeanSquaredError));
    }

    [Fact]
    public void TrainingPlan_numbers_out_of_range_are_refused_when_they_are_given()
    {
        TrainingPlan plan = TrainingData.Plan;
        Assert.Throws<ArgumentOutOfRangeException>(() => plan with { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => plan with { Prefetch = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvaluationPlan { TrainingExamples = -1 });
        Refuses<ArgumentOutOfRangeException>(() => TrainingLength.Epochs(0), "at least one of its epochs");
        Refuses<ArgumentOutOfRangeException>(() => TrainingLength.Steps(0), "at least one of its steps");
        Refuses<ArgumentOutOfRangeException>(() => TrainingLength.Cycles(-1), "at least one of its cycles");
    }

    [Fact]
    public void Schedule_without_a_rate_above_zero_is_refused()
    {
        Refuses<ArgumentOutOfRangeException>(() => _ = TrainingData.Plan with { Schedule = 0 }, "above 0", "nothing is learned");
        Action[] schedules =
        [
            () => _ = new ExponentialSchedule(0, 0.9), () => _ = new StepSchedule(0, 5), () => _ = new OneCycleSchedule(0, 10),
            () => _ = new CosineSchedule(0, 10), () => _ = new TriangularSchedule(0, 0, 10), () => _ = new PolynomialSchedule(0, 10),
            () => _ = new Triangular2Schedule(0, 0, 10), () => _ = new CosineWarmRestartsSchedule(0, 10),
            () => _ = new GrowingTriangularSchedule(0, 0, 10), () => _ = new ExponentialRangeSchedule(0, 0, 10, 0.9),
        ];
        Assert.All(schedules, make => Refuses<ArgumentOutOfRangeException>(make, "above 0"));

        // What no constructor sees: a rate that float rounds to 0, one beyond it, and a schedule of one's own.
        Refuses<ArgumentException>(() => Create(1e-50), "above 0, in float too", "1E-50");
        Refuses<ArgumentException>(() => Create(1e39), "finite, in float too", "1E+39");
        Refuses<ArgumentException>(() => Create(new Still(0)), "rates above 0", "found 0");
        Refuses<ArgumentException>(() => Create(new Still(-1)), "at least 0", "found -1");
        Create(new CosineSchedule(0.1, 3).WarmedUp(2)).Dispose();
        Create(new Still(1e-30)).Dispose();

        // Of some parameters alone.
        Refuses<ArgumentException>(() => Create(1e-20, new ParameterRule("dense1/*") { RateFactor = 1e-30 }), "factor 1E-30 of a rule");
        Refuses<ArgumentException>(() => Create(1, new ParameterRule("dense1/*") { RateFactor = 1e39 }), "found 1E+39 at step 0");
        Refuses<ArgumentException>(
            () => new Trainer<float>(
                TrainingData.Network.Build<float>(Data.ExampleShape, 1),
                TrainingData.Plan with { Optimizer = new Sgd().WithRules([new ParameterRule("dense1/*") { RateFactor = 1e-50 }]) }, Data),
            "factor 1E-50 of a rule");
        Create(1, new ParameterRule("dense1/*") { Freezes = true }, new ParameterRule("dense2/*") { RateFactor = 1e-30 }).Dispose();

        static Trainer<float> Create(LearningRateSchedule schedule, params ParameterRule[] rules)
        {
            (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(Data);
            return new(model, plan with { Schedule = schedule, Length = TrainingLength.Steps(5000), Parameters = [.. rules] }, Data);
        }
    }

    [Fact]
    public void EarlyStopping_of_a_metric_that_is_not_measured_is_refused_before_training()
    {
        Model<float> model = TrainingData.Network.Build<float>(Data.ExampleShape, 1);
        TrainingPlan plan = TrainingData.Plan with { Evaluation = new() { Every = 2, Metrics = [new MacroRecall()] } };
        using var trainer = new Trainer<float>(model, plan, Data);
        trainer.Callbacks.Add(new EarlyStopping<float>(1, new MacroF1()));
        Refuses<InvalidOperationException>(() => trainer.Run(), "\"macro F1\"", "found macro recall");
        Assert.Equal(0, trainer.StepsDone);
    }

    [Fact]
    public void EarlyStopping_of_an_accuracy_is_refused_where_numbers_are_predicted()
    {
        var data = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 } }, new float[,] { { 1 }, { 2 } });
        TrainingPlan plan = new()
        {
            Schedule = 0.1,
            Length = TrainingLength.Steps(4),
            Loss = new MeanSquaredError(),
            Evaluation = new() { Every = 1 },
        };
        using var trainer = new Trainer<float>(new Dense(1).Build<float>(1, 1), plan, data);
        trainer.Callbacks.Add(new EarlyStopping<float>(1, new Accuracy()));
        Assert.Contains("expected classes", Assert.Throws<InvalidOperationException>(() => trainer.Run()).Message);
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    [InlineData(0, float.NaN)]
    public void Trainer_number_that_is_not_finite_is_named_where_training_fails(float feature, float target)
    {
        var rows = new float[,] { { 1, 2 }, { 2, 3 }, { 3, feature } };
        var targets = new float[,] { { 1 }, { 2 }, { target } };
        Dataset data = DenseDataset<float>.FromArray(rows, targets), good = data.Take(2);
        TrainingPlan plan = new() { Schedule = 0.01, Length = TrainingLength.Steps(3), Loss = new MeanSquaredError() };
        string place = target != 0 ? $"Example 2 of the training set has {target} as its target 0" : $"has {feature} as its feature 1";
        Refuses<TrainingDivergedException>(() => Run(data, null), "at step 0", "must be finite", place, "Leave such examples out");
        Refuses<TrainingDivergedException>(
            () => Run(good, data), "cost on the validation set", place.Replace("training", "validation"));

        // Where the data are finite, what most often helps.
        plan = plan with { Schedule = 1e30 };
        Refuses<TrainingDivergedException>(() => Run(good, null), "Smaller learning rates");

        void Run(Dataset training, Dataset? validation)
        {
            using var trainer = new Trainer<float>(new Dense(1).Build<float>(2, 1), plan, training, validation);
            trainer.Run();
        }
    }

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

    private sealed record Still(double Rate) : LearningRateSchedule
    {
        public override double RateAt(long step) => Rate;
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
