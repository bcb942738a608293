using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Search;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.RangeTest;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>
/// Wherever two data sets meet, or a data set and statistics, what means something else is refused before anything is done.
/// </summary>
public class DataFitTests
{
    private static readonly TrainingPlan Plan = new() { Schedule = 0.01, Length = TrainingLength.Steps(2) };
    private static readonly Dataset Named = Table(["x", "y"], "a", "b", "c");

    public static TheoryData<string> Others => ["other classes", "fewer classes", "other columns", "more columns", "planar"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Evaluator_refuses_a_data_set_of_another_kind(string kind)
    {
        (Dataset one, Dataset other) = Pair(kind);
        Model<float> model = new Dense(one.Classes).Build<float>(one.ExampleShape, 1);
        var evaluator = new Evaluator<float>(model, new SoftmaxCrossEntropy(), Regularizer.None, one.Description);
        evaluator.Evaluate(one, TestContext.Current.CancellationToken);
        AssertSays(kind, Assert.Throws<ArgumentException>(() => evaluator.Evaluate(other, TestContext.Current.CancellationToken)));
        AssertSays(kind, Assert.Throws<ArgumentException>(() => evaluator.MeasureUsual(other, TestContext.Current.CancellationToken)));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void CrossValidation_refuses_a_fold_of_another_kind_before_it_trains_any(string kind)
    {
        (Dataset one, Dataset other) = Pair(kind);
        int plans = 0;
        ArgumentException exception = Assert.Throws<ArgumentException>(() => CrossValidation.Run<float>(
            [(one, one), (one, other)],
            new Dense(one.Classes),
            _ =>
            {
                plans++;
                return Plan;
            },
            cancellationToken: TestContext.Current.CancellationToken));
        AssertSays(kind, exception);
        Assert.Contains("validation set of fold 1", exception.Message);
        Assert.Equal(0, plans);
        AssertSays(kind, Assert.Throws<ArgumentException>(() => CrossValidationObjective.Create(
            [(one, one), (one, other)], trial => new Dense(one.Classes).Build<float>(one.ExampleShape, trial.Seed), (_, _) => Plan)));
    }

    [Fact]
    public void CrossValidation_folds_have_the_same_classes_and_may_have_features_of_their_own()
    {
        Dataset other = Table(["x", "y"], "b", "a", "c"), wider = Table(["x", "y", "z"], "a", "b", "c");
        Assert.Contains("a as class 0; the training set of fold 1 has b", Assert.Throws<ArgumentException>(() => CrossValidation.Run<float>(
            [(Named, Named), (other, other)], new Dense(3), _ => Plan, cancellationToken: TestContext.Current.CancellationToken)).Message);
        CrossValidationResult result = CrossValidation.Run<float>(
            [(Named, Named), (wider, wider)], new Dense(3), _ => Plan, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, result.Folds.Count);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void TrainingObjective_refuses_a_validation_set_of_another_kind_when_it_is_made(string kind)
    {
        (Dataset one, Dataset other) = Pair(kind);
        AssertSays(kind, Assert.Throws<ArgumentException>(() => TrainingObjective.Create(
            one, other, trial => new Dense(one.Classes).Build<float>(one.ExampleShape, trial.Seed), _ => Plan)));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void DatasetCollection_of_sets_of_two_kinds_is_refused(string kind)
    {
        (Dataset one, Dataset other) = Pair(kind);
        AssertSays(kind, Assert.Throws<ArgumentException>(() => new DatasetCollection("both", one, other)));
        AssertSays(kind, Assert.Throws<ArgumentException>(() => new DatasetCollection("both", one, one, other)));
    }

    [Fact]
    public void Parts_without_examples_are_refused_where_they_are_given()
    {
        Dataset none = Named.Take(0);
        Assert.Throws<ArgumentException>(() => CrossValidation.Run<float>(
            [(Named, none)], new Dense(3), _ => Plan, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => TrainingObjective.Create(
            Named, none, trial => new Dense(3).Build<float>(2, trial.Seed), _ => Plan));
    }

    [Fact]
    public void Normalization_of_other_features_is_refused()
    {
        Normalization named = Normalization.PerFeature(Table(["y", "x"], "a", "b", "c"));
        string message = Assert.Throws<ArgumentException>(() =>
            new Trainer<float>(new Dense(3).Build<float>(2, 1), Plan with { Normalization = named }, Named)).Message;
        Assert.Contains("was fitted to y as feature 0; found x", message);
        Model<float> model = new Dense(3).Build<float>(2, 1);
        Assert.Contains("y as feature 0", Assert.Throws<ArgumentException>(() => new Evaluator<float>(
            model, new SoftmaxCrossEntropy(), Regularizer.None, Named.Description, named)).Message);

        (Dataset one, Dataset planar) = Pair("planar");
        Normalization perChannel = Normalization.PerChannel(planar);
        Assert.Contains("Planar", Assert.Throws<ArgumentException>(() => new Trainer<float>(
            new Dense(2).Build<float>(one.ExampleShape, 1), Plan with { Normalization = perChannel }, one)).Message);

        // The same numbers, given by hand, say nothing of the features that they are of.
        var given = new Normalization(named.Mean, named.StandardDeviation);
        Assert.Equal(named, given);
        Assert.Equal(named.GetHashCode(), given.GetHashCode());
        using var trainer = new Trainer<float>(model, Plan with { Normalization = given }, Named);
    }

    [Fact]
    public void Evaluator_refuses_scalings_and_models_of_another_width_when_it_is_made()
    {
        Model<float> model = new Dense(3).Build<float>(2, 1);
        Assert.Throws<ArgumentException>(() => Make(model, Normalization.UnitRange(3), null));
        Assert.Throws<ArgumentException>(() => Make(model, null, Normalization.UnitRange(3)));
        Assert.Throws<ArgumentException>(() => Make(new Dense(3).Build<float>(5, 1), null, null));

        static Evaluator<float> Make(Model<float> model, Normalization? normalization, Normalization? scaling) => new(
            model, new SoftmaxCrossEntropy(), Regularizer.None, Named.Description, normalization, targetScaling: scaling);
    }

    [Fact]
    public void LearningRateRangeTest_refuses_what_a_trainer_refuses()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        Model<float> model = new Dense(3).Build<float>(5, 1);
        Assert.Contains("takes examples of [5]", Assert.Throws<ArgumentException>(() =>
            LearningRateRangeTest.Run(model, Plan, Named, cancellationToken: stop)).Message);
        Model<float> fits = new Dense(3).Build<float>(2, 1);
        Assert.Contains("TargetScaling", Assert.Throws<ArgumentException>(() => LearningRateRangeTest.Run(
            fits, Plan with { TargetScaling = Normalization.UnitRange(1) }, Named, cancellationToken: stop)).Message);
    }

    private static void AssertSays(string kind, ArgumentException exception) => Assert.Contains(
        kind switch
        {
            "other classes" => "a as class 0",
            "fewer classes" => "3 classes, [a, b, c]",
            "other columns" => "x as feature 0",
            "more columns" => "[2]",
            _ => "Planar",
        },
        exception.Message);

    private static (Dataset One, Dataset Other) Pair(string kind) => kind switch
    {
        "other classes" => (Named, Table(["x", "y"], "b", "a", "c")),
        "fewer classes" => (Named, Table(["x", "y"], "b", "c")),
        "other columns" => (Named, Table(["y", "x"], "a", "b", "c")),
        "more columns" => (Named, Table(["x", "y", "z"], "a", "b", "c")),
        _ => (Picture(PixelOrder.ChannelsLast), Picture(PixelOrder.Planar)),
    };

    private static DenseDataset<float> Table(string[] features, params string[] classes) => new(
        new Matrix<float>(6, features.Length),
        [.. Enumerable.Range(0, 6).Select(i => i % classes.Length)],
        null,
        new DatasetDescription(features.Length) { Classes = classes.Length, ClassNames = [.. classes], FeatureNames = [.. features] });

    private static ByteDataset Picture(PixelOrder order) =>
        new(new byte[4 * 27], [0, 1, 0, 1], new DatasetDescription(new Shape(3, 3, 3)) { Classes = 2, Order = order });
}
