using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using Xunit;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>A model that predicts what users have, in the form that users want. Alone, since some count bytes.</summary>
[Collection(Alone.Name)]
public sealed class PredictorTests : IDisposable
{
    private static readonly Normalization Scaling = new([10, 20, 30], [2, 4, 8]);

    private readonly TemporaryFolder _folder = new();

    private static Preprocessing Steps { get; } = new()
    {
        Columns =
        [
            new() { Name = "age", Mean = 40, StandardDeviation = 10, Replacement = 38 },
            new() { Name = "city", IsCategorical = true, Categories = ["Oslo", "Rome", "7"] },
            new() { Name = "size", IsCategorical = true, Categories = ["small", "large"], Encoding = CategoryEncoding.Ordinal },
        ],
        LabelColumn = "buys",
        ClassNames = ["no", "yes"],
        MissingValues = MissingValues.Mean,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predictor_normalizes_and_gives_class_name_and_softmax_probabilities()
    {
        Predictor<double> predictor = Classes<double>(["a", "b", "c"]);
        double[] scores = predictor.Model.Predict(Row<double>((12 - 10) / 2.0, (16 - 20) / 4.0, (70 - 30) / 8.0)).AsSpan().ToArray();
        double total = scores.Sum(Math.Exp);
        Prediction prediction = predictor.Predict(12, 16, 70);
        Assert.Equal(3, prediction.Probabilities.Count);
        for (int i = 0; i < 3; i++)
            Assert.Equal(Math.Exp(scores[i]) / total, prediction.Probabilities[i], 12);
        int best = Array.IndexOf(scores, scores.Max());
        Assert.Equal(best, prediction.Label);
        Assert.Equal("abc"[best].ToString(), prediction.ClassName);
        Assert.Equal(prediction.Probabilities[best], prediction.Probability);
        ValueList<ClassProbability> top = prediction.Top(2);
        Assert.Equal(2, top.Count);
        Assert.Equal((best, prediction.ClassName), (top[0].Label, top[0].Name));
        Assert.True(top[0].Probability >= top[1].Probability);
        Assert.Equal(3, prediction.Top(9).Count);
        Assert.Empty(prediction.Values);
        Assert.Throws<InvalidOperationException>(() => prediction.Value);
        Assert.StartsWith($"{prediction.ClassName} (", prediction.ToString());
    }

    [Fact]
    public void Predictor_of_two_classes_by_one_output_gives_both_probabilities()
    {
        Model<double> model = new Dense(1).Build<double>(3, 1);
        model.Card = new() { Task = PredictionTask.Binary, ClassNames = ["no", "yes"] };
        var predictor = new Predictor<double>(model);
        double score = model.Predict(Row<double>(1, 2, 3))[0, 0];
        Prediction prediction = predictor.Predict(1, 2, 3);
        Assert.Equal(VectorMath.Sigmoid(score), prediction.Probabilities[1]);
        Assert.Equal(1 - VectorMath.Sigmoid(score), prediction.Probabilities[0]);
        Assert.Equal(score > 0 ? "yes" : "no", prediction.ClassName);
        var only = new double[1];
        predictor.Predict([1, 2, 3], only.AsSpan());
        Assert.Equal(VectorMath.Sigmoid(score), only[0]);
    }

    [Fact]
    public void Predictor_of_several_labels_gives_those_above_a_threshold()
    {
        Model<double> model = new Dense(3).Build<double>(3, 1);
        model.Card = new() { Task = PredictionTask.Multilabel(3), TargetNames = ["x", "y", "z"] };
        double[] scores = model.Predict(Row<double>(1, 2, 3)).AsSpan().ToArray();
        Prediction prediction = new Predictor<double>(model).Predict(1, 2, 3);
        Assert.Equal(scores.Select(VectorMath.Sigmoid), prediction.Probabilities);
        Assert.Equal(-1, prediction.Label);
        Assert.Null(prediction.ClassName);
        Assert.Equal(
            Enumerable.Range(0, 3).Where(i => scores[i] >= 0).Select(i => "xyz"[i].ToString()),
            prediction.LabelsAbove().Select(label => label.Name));
    }

    [Fact]
    public void Predictor_of_numbers_gives_them_in_the_units_of_the_targets()
    {
        Model<float> model = new Dense(2).Build<float>(3, 1);
        model.Card = new() { Task = PredictionTask.Regression(2), TargetScaling = new([100, -5], [10, 0.5]), TargetNames = ["p", "q"] };
        float[] outputs = model.Predict(Row<float>(1, 2, 3)).AsSpan().ToArray();
        Prediction prediction = new Predictor<float>(model).Predict(1, 2, 3);
        Assert.Equal(
            [(float)((outputs[0] * 10.0) + 100), (float)((outputs[1] * 0.5) - 5)], prediction.Values.Select(value => (float)value));
        Assert.StartsWith("p ", prediction.ToString());
        Assert.Throws<InvalidOperationException>(() => prediction.Probability);
        Assert.Throws<InvalidOperationException>(() => prediction.Value);
    }

    [Fact]
    public void Predictor_of_a_file_equals_that_of_the_model_bit_for_bit()
    {
        Predictor<float> predictor = Classes<float>(["a", "b", "c"]);
        predictor.Save(_folder["model.safetensors"]);
        Predictor<float> loaded = Predictor.Load<float>(_folder["model.safetensors"]);
        Assert.Equal(predictor.Card, loaded.Card);
        Assert.Equal(predictor.Predict(1, 2, 3), loaded.Predict(1, 2, 3));
    }

    [Fact]
    public void Prediction_is_the_same_bits_in_whatever_batch_form_and_on_any_threads()
    {
        var network = new Sequential(new Dense(40), new BatchNorm(), new Relu(), new Ensemble(
            EnsembleCombination.Average, new Dense(3), new Dense(3)));
        Model<float> model = network.Build<float>(3, 1);
        model.Card = new()
        { Task = PredictionTask.Multiclass(3), Normalization = Scaling, Temperature = 1.5, FeatureNames = ["a", "b", "c"] };
        using var workers = new WorkerPool(2);
        Predictor<float> one = new(model), two = new(model, workers: workers);
        RandomStream random = RandomKey.FromSeed(1).Open();
        var examples = new Matrix<float>(333, 3);
        foreach (ref float element in examples.AsSpan())
            element = (float)(100 * random.NextUniform());
        var expected = new Matrix<float>(333, 3);
        for (int i = 0; i < 333; i++)
            one.Predict(examples.Row(i), expected.Row(i));
        Same(Into((view, to) => one.Predict(view, to)));
        Same(Into((view, to) => two.Predict(view, to)));
        var dataset = new DenseDataset<float>(examples, null, null, new DatasetDescription(3));
        var found = new Matrix<float>(333, 3);
        two.Predict(dataset, found.View);
        Same(found);
        Prediction[] predictions = two.Predict(dataset);
        for (int i = 0; i < 333; i += 37)
        {
            Assert.Equal(expected.Row(i).ToArray(), predictions[i].Probabilities.Select(x => (float)x));
            Assert.Equal(predictions[i], one.Predict(examples.Row(i)));
            float[] row = examples.Row(i).ToArray();
            Assert.Equal(predictions[i], one.Predict(("c", row[2]), ("a", row[0]), ("b", row[1])));
            Assert.Equal(predictions[i], one.Predict(row.Select(x => (double)x).ToArray()));
        }

        Matrix<float> Into(Pass pass)
        {
            var to = new Matrix<float>(333, 3);
            for (int first = 0, count = 1; first < 333; first += count, count = Math.Min((2 * count) + 1, 333 - first))
                pass(examples.SliceRows(first, count), to.SliceRows(first, count));
            return to;
        }

        void Same(Matrix<float> other) => Assert.Equal(expected.AsSpan().ToArray(), other.AsSpan().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Prediction_of_bytes_is_that_of_a_data_set_of_bytes(bool convertsFirst)
    {
        Layer network = convertsFirst ? new Sequential(new Tanh(), new Dense(3)) : new Sequential(new Dense(9), new Relu(), new Dense(3));
        Model<float> model = network.Build<float>(3, 1);
        Assert.Equal(!convertsFirst, model.ReadsBytes);
        model.Card = new() { Task = PredictionTask.Multiclass(3), Normalization = Scaling };
        var predictor = new Predictor<float>(model);
        byte[] bytes = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];
        var expected = new Matrix<float>(100, 3);
        predictor.Predict(new ByteDataset(bytes, null, new DatasetDescription(3)), expected.View);
        var found = new Matrix<float>(100, 3);
        predictor.Predict(bytes, found.View);
        Assert.Equal(expected.AsSpan().ToArray(), found.AsSpan().ToArray());
        for (int i = 0; i < 100; i++)
        {
            predictor.Predict(bytes.AsSpan(3 * i, 3), found.Row(0));
            Assert.Equal(expected.Row(i).ToArray(), found.Row(0).ToArray());
            Assert.Equal(expected.Row(i)[0], (float)predictor.Predict(bytes.AsSpan(3 * i, 3)).Probabilities[0]);
        }
    }

    [Fact]
    public void Predictor_from_eight_threads_at_once_gives_each_its_own_prediction()
    {
        Predictor<float> predictor = Classes<float>(["a", "b", "c"]);
        Prediction[] expected = [.. Enumerable.Range(0, 64).Select(i => predictor.Predict(i, 64 - i, i * i))];
        int failures = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int round = 0; round < 500; round++)
            {
                int i = ((thread * 31) + (round * 17)) % 64;
                if (!predictor.Predict(i, 64 - i, i * i).Equals(expected[i]))
                    Interlocked.Increment(ref failures);
            }
        });
        Assert.Equal(0, failures);
    }

    [Fact]
    public void Predictor_into_a_destination_allocates_nothing()
    {
        Predictor<float> predictor = Classes<float>(["a", "b", "c"]), table = OfTable();
        Matrix<float> examples = new(100, 3), found = new(100, 3);
        byte[] bytes = new byte[300];
        (string, FeatureValue)[] values = [("city", "Rome"), ("age", 30), ("size", "large")];
        void Run()
        {
            predictor.Predict(examples.Row(0), found.Row(0));
            predictor.Predict(bytes.AsSpan(0, 3), found.Row(1));
            predictor.Predict(examples.View, found.View);
            predictor.Predict(bytes, found.View);
            table.Predict(values, found.Row(2)[..2]);
        }
        Assert.Equal(0, Allocation.Of(Run, times: 10));
    }

    [Fact]
    public void Predictor_of_a_table_takes_named_values_as_the_table_would_have_them()
    {
        Predictor<float> predictor = OfTable();
        Assert.Equal(["age", "city", "size"], predictor.InputNames);
        var table = new Table(
            "memory",
            [
                TableColumn.OfNumbers("age", ColumnRole.Feature, 1, [30, double.NaN, 50, 41.5]),
                TableColumn.OfTexts("city", ColumnRole.Feature, 2, [1, 0, 2, 0], ["Oslo", "Rome", "7"]),
                TableColumn.OfTexts("size", ColumnRole.Feature, 3, [0, 1, 1, 0], ["small", "large"]),
                TableColumn.OfTexts("buys", ColumnRole.Label, 4, [0, 0, 0, -1], ["never seen"]),
            ],
            [2, 3, 4, 5]);
        Prediction[] expected = predictor.Predict(table);
        Assert.Equal(expected[0], predictor.Predict(("age", 30), ("city", "Rome"), ("size", "small")));
        Assert.Equal(expected[1], predictor.Predict(("city", "Oslo"), ("size", "large")));
        Assert.Equal(expected[1], predictor.Predict(("city", "Oslo"), ("size", "large"), ("age", FeatureValue.Missing), ("buys", "?")));
        Assert.Equal(expected[2], predictor.Predict(new Dictionary<string, object?> { ["size"] = "large", ["city"] = 7, ["age"] = 50m }));
        Assert.Equal(expected[2], predictor.Predict(
            (Age: 50f, City: "7"), person => [("age", person.Age), ("city", person.City), ("size", "large")]));
        using var json = System.Text.Json.JsonDocument.Parse("""{"age":41.5,"city":"Oslo","size":"small"}""");
        Assert.Equal(expected[3], predictor.Predict(json.RootElement.EnumerateObject().Select(
            property => new KeyValuePair<string, object?>(property.Name, property.Value))));
        Assert.Equal(expected, predictor.PredictAll(
            Enumerable.Range(0, 4), i => [("age", table.Columns[0].Numbers[i]), ("city", table.Columns[1].TextAt(i)),
                ("size", table.Columns[2].TextAt(i))]));
        Assert.Equal("yes", new Predictor<float>(predictor.Model, predictor.Card with { ClassNames = ["yes", "yes"] }).Predict(
            ("age", 30), ("city", "Rome"), ("size", "small")).ClassName);
    }

    [Fact]
    public void Example_that_cannot_be_predicted_is_refused_and_names_the_feature()
    {
        Predictor<float> table = OfTable(), plain = Classes<float>(["a", "b", "c"]);
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
        Refused("feature 1", "a number in the range of Single as feature 1; found -1E+300", () => plain.Predict(0, -1e300, 0));
        Refused(
            "age", "a number in the range of Single as age; found 1E+300", () =>
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
    public void Data_set_of_other_features_is_aligned_by_name_or_refused()
    {
        Model<float> model = new Dense(3).Build<float>(3, 1);
        model.Card = new() { Task = PredictionTask.Multiclass(3), FeatureNames = ["a", "b", "c"] };
        var predictor = new Predictor<float>(model);
        Assert.Equal(predictor.Predict(1, 2, 3), predictor.Predict(Data([3, 1, 2], "c", "a", "b"))[0]);
        Assert.Throws<ArgumentException>(() => predictor.Predict(Data([1, 2, 3], "a", "b", "d")));
        Assert.Contains("[3]; those of the data set are [2]", Assert.Throws<ArgumentException>(
            () => predictor.Predict(Data([1, 2]))).Message);

        Model<float> image = new Dense(2).Build<float>(new Shape(2, 3, 1), 1);
        image.Card = new() { Task = PredictionTask.Multiclass(2) };
        var planar = new DenseDataset<float>(
            new Matrix<float>(1, 6), null, null, new DatasetDescription(new Shape(2, 3, 1)) { Order = PixelOrder.Planar });
        Assert.Contains("Planar", Assert.Throws<ArgumentException>(() => new Predictor<float>(image).Predict(planar)).Message);

        static DenseDataset<float> Data(float[] row, params string[] names) => new(
            Row(row), null, null, new DatasetDescription(row.Length) { FeatureNames = [.. names] });
    }

    [Fact]
    public void Predictor_without_a_task_is_refused_and_says_how_to_set_it() => Assert.Contains(
        "Task = PredictionTask.Multiclass(2) }",
        Assert.Throws<ArgumentException>(() => new Predictor<float>(new Dense(2).Build<float>(3, 1))).Message);

    [Fact]
    public void Predictor_stops_between_chunks_when_canceled()
    {
        Predictor<float> predictor = Classes<float>(["a", "b", "c"]);
        var canceled = new CancellationToken(true);
        Assert.Throws<OperationCanceledException>(() => predictor.Predict(new Matrix<float>(5, 3).View, canceled));
        Assert.Throws<OperationCanceledException>(
            () => predictor.Predict(new ByteDataset(new byte[3], null, new DatasetDescription(3)), canceled));
        Assert.Throws<OperationCanceledException>(() => predictor.Predict(new byte[3], new Matrix<float>(1, 3).View, canceled));
    }

    /// <summary>Scores that are three times too large have a temperature of 3: in double, against a search of the loss itself.</summary>
    [Fact]
    public void Temperature_is_the_one_of_least_loss_on_the_validation_set()
    {
        RandomStream random = RandomKey.FromSeed(5).Open();
        const int Count = 4000;
        var features = new Matrix<double>(Count, 3);
        var labels = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            double[] scores = [4 * random.NextUniform(), 4 * random.NextUniform(), 4 * random.NextUniform()];
            double draw = random.NextUniform() * scores.Sum(Math.Exp);
            labels[i] = draw < Math.Exp(scores[0]) ? 0 : draw < Math.Exp(scores[0]) + Math.Exp(scores[1]) ? 1 : 2;
            for (int j = 0; j < 3; j++)
                features[i, j] = 3 * scores[j];
        }
        Model<double> model = new Flatten().Build<double>(3, 1);
        model.Card = new() { Task = PredictionTask.Multiclass(3) };
        var data = new DenseDataset<double>(features, labels, null, new DatasetDescription(3) { Classes = 3 });
        Predictor<double> calibrated = new Predictor<double>(model).Calibrated(data, TestContext.Current.CancellationToken);
        Assert.InRange(calibrated.Card.Temperature, 2.8, 3.2);
        double least = LossAt(calibrated.Card.Temperature);
        Assert.True(least < LossAt(calibrated.Card.Temperature * 1.001) && least < LossAt(calibrated.Card.Temperature * 0.999));
        Assert.Equal(1, model.Card.Temperature);
        Assert.Equal(new Predictor<double>(model).Predict(features.Row(0)).Label, calibrated.Predict(features.Row(0)).Label);
        Assert.Contains("at least one example", Assert.Throws<ArgumentException>(() => calibrated.Calibrated(data.Take(0))).Message);

        double LossAt(double temperature)
        {
            var predictor = new Predictor<double>(model, model.Card with { Temperature = temperature });
            Prediction[] predictions = predictor.Predict(data);
            return predictions.Select((prediction, i) => -Math.Log(prediction.Probabilities[labels[i]])).Sum();
        }
    }

    [Fact]
    public void Temperature_of_two_classes_by_one_output_is_the_one_of_least_loss()
    {
        RandomStream random = RandomKey.FromSeed(6).Open();
        var features = new Matrix<double>(4000, 1);
        var labels = new int[4000];
        for (int i = 0; i < labels.Length; i++)
        {
            double score = (6 * random.NextUniform()) - 3;
            labels[i] = random.NextUniform() < 1 / (1 + Math.Exp(-score)) ? 1 : 0;
            features[i, 0] = score / 2;
        }
        Model<double> model = new Flatten().Build<double>(1, 1);
        model.Card = new() { Task = PredictionTask.Binary };
        var data = new DenseDataset<double>(features, labels, null, new DatasetDescription(1) { Classes = 2 });
        Assert.InRange(new Predictor<double>(model).Calibrated(data).Card.Temperature, 0.46, 0.54);
        model.Card = new() { Task = PredictionTask.Regression(1) };
        Assert.Throws<InvalidOperationException>(() => new Predictor<double>(model).Calibrated(data));
    }

    private delegate void Pass(ReadOnlyMatrixView<float> examples, MatrixView<float> destination);

    private static Predictor<T> Classes<T>(ValueList<string> names)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = new Sequential(new Dense(8), new Relu(), new Dense(3)).Build<T>(3, 1);
        model.Card = new() { Task = PredictionTask.Multiclass(3), ClassNames = names, Normalization = Scaling };
        return new(model);
    }

    private static Predictor<float> OfTable()
    {
        Model<float> model = new Sequential(new Dense(8), new Relu(), new Dense(2)).Build<float>(5, 1);
        model.Card = new()
        {
            Task = PredictionTask.Multiclass(2),
            ClassNames = ["no", "yes"],
            Preprocessing = Steps,
            Normalization = new([0, 0.5, 0, 0, 0], [1, 2, 1, 1, 1]),
        };
        return new(model);
    }

    private static Matrix<T> Row<T>(params T[] numbers)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        Matrix<T>.CopyOf(new(numbers, 1, numbers.Length));
}
