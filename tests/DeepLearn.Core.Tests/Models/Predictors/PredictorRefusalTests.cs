using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>What cannot be predicted is refused, with the example and the feature at fault.</summary>
public sealed class PredictorRefusalTests
{
    [Fact]
    public void Example_that_cannot_be_predicted_is_refused_and_names_the_feature()
    {
        Predictor<float> table = PredictorSamples.OfTable(), plain = PredictorSamples.Classes<float>(["a", "b", "c"]);
        Refused("aeg", "Expected the features age, city, size; found 'aeg'.", () => table.Predict(("aeg", 1)));
        Refused("age", "'age' twice", () => table.Predict(("age", 1), ("age", 2)));
        Refused("age", "Expected a finite number as age; found 'old'.", () => table.Predict(("age", "old"), ("city", "Oslo")));
        Refused("age", "Expected a finite number as age; found", () => table.Predict(("age", double.PositiveInfinity)));
        Refused("city", "Expected one of Oslo, Rome, 7 as city; found 'Paris'.", () => table.Predict(("age", 1), ("city", "Paris")));
        Refused("city", "Expected a value as city; found nothing.", () => table.Predict(("age", 1), ("size", "small")));
        Refused("age", "age: A value of a feature is", () => table.Predict(new Dictionary<string, object?> { ["age"] = new int[1] }));
        Refused(null, "rows of 3 values (age, city, size); found 2", () => table.Predict(1, 2));
        Refused("city", "Expected one of Oslo, Rome, 7 as city; found 2.", () => table.Predict(1, 2, 0));
        Refused(null, "rows of a table", () => table.Predict(new byte[3].AsSpan()));
        Refused(null, "examples of [3], 3 numbers; found 2", () => plain.Predict(1, 2));
        Refused(null, "examples of [3], 3 bytes; found 4", () => plain.Predict(new byte[4].AsSpan()));
        Refused("feature 1", "Expected a finite number as feature 1; found NaN.", () => plain.Predict(1, double.NaN, 2));
        Refused(null, "no names of features", () => plain.Predict(("a", 1)));
        Refused("feature 1", "a number in the range of float as feature 1; found -1E+300", () => plain.Predict(0, -1e300, 0));
        Refused(
            "age", "a number in the range of float as age; found 1E+300", () =>
                table.Predict(("age", 1e300), ("city", "7"), ("size", "small")));
        Model<float> steep = new Dense(1) { Weights = new DeepLearn.Parameters.ConstantInitializer(1e10) }.Build<float>(3, 1);
        steep.Card = new() { Task = PredictionTask.Regression(1) };
        Refused(null, "are not finite", () => new Predictor<float>(steep).Predict(1e30, 0, 0));

        var examples = new Matrix<float>(70, 3);
        examples[66, 2] = float.NaN;
        InvalidExampleException exception = Assert.Throws<InvalidExampleException>(() => plain.Predict(examples.View));
        Assert.Equal((66, "feature 2"), (exception.Example, exception.Feature));
        Assert.IsAssignableFrom<ArgumentException>(exception);

        static void Refused(string? feature, string message, Action predict)
        {
            InvalidExampleException exception = Assert.Throws<InvalidExampleException>(predict);
            Assert.Contains(message, exception.Message);
            Assert.Equal(feature, exception.Feature);
            Assert.Null(exception.Example);
        }
    }

    [Fact]
    public void Predictor_without_a_task_is_refused_and_says_how_to_set_it() => Assert.Contains(
        "Task = PredictionTask.Multiclass(2) }",
        Assert.Throws<ArgumentException>(() => new Predictor<float>(new Dense(2).Build<float>(3, 1))).Message);

    [Fact]
    public void Predictor_stops_between_chunks_when_canceled()
    {
        Predictor<float> predictor = PredictorSamples.Classes<float>(["a", "b", "c"]);
        var canceled = new CancellationToken(true);
        Assert.Throws<OperationCanceledException>(() => predictor.Predict(new Matrix<float>(5, 3).View, canceled));
        Assert.Throws<OperationCanceledException>(
            () => predictor.Predict(new ByteDataset(new byte[3], null, new DatasetDescription(3)), canceled));
        Assert.Throws<OperationCanceledException>(() => predictor.Predict(new byte[3], new Matrix<float>(1, 3).View, canceled));
    }
}
