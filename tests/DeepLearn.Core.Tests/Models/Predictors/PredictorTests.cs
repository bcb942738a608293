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
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>A model that predicts what users have, in the form that users want.</summary>
public sealed class PredictorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predictor_normalizes_and_gives_class_name_and_softmax_probabilities()
    {
        Predictor<double> predictor = PredictorSamples.Classes<double>(["a", "b", "c"]);
        Matrix<double> scaled = PredictorSamples.Row<double>((12 - 10) / 2.0, (16 - 20) / 4.0, (70 - 30) / 8.0);
        double[] scores = predictor.Model.Predict(scaled).AsSpan().ToArray();
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
        Assert.Null(prediction.Value);
        Assert.StartsWith($"{prediction.ClassName} (", prediction.ToString());
    }

    [Fact]
    public void Predictor_of_two_classes_by_one_output_gives_both_probabilities()
    {
        Model<double> model = new Dense(1).Build<double>(3, 1);
        model.Card = new() { Task = PredictionTask.Binary, ClassNames = ["no", "yes"] };
        var predictor = new Predictor<double>(model);
        double score = model.Predict(PredictorSamples.Row<double>(1, 2, 3))[0, 0];
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
        double[] scores = model.Predict(PredictorSamples.Row<double>(1, 2, 3)).AsSpan().ToArray();
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
        float[] outputs = model.Predict(PredictorSamples.Row<float>(1, 2, 3)).AsSpan().ToArray();
        Prediction prediction = new Predictor<float>(model).Predict(1, 2, 3);
        Assert.Equal(
            [(float)((outputs[0] * 10.0) + 100), (float)((outputs[1] * 0.5) - 5)], prediction.Values.Select(value => (float)value));
        Assert.StartsWith("p ", prediction.ToString());
        Assert.Null(prediction.Probability);
        Assert.Null(prediction.Value);
    }

    [Fact]
    public void Predictor_of_a_file_equals_that_of_the_model_bit_for_bit()
    {
        Predictor<float> predictor = PredictorSamples.Classes<float>(["a", "b", "c"]);
        predictor.Save(_folder["model.safetensors"]);
        Predictor<float> loaded = Predictor.Load<float>(_folder["model.safetensors"]);
        Assert.Equal(predictor.Card, loaded.Card);
        Assert.Equal(predictor.Predict(1, 2, 3), loaded.Predict(1, 2, 3));
    }

    [Fact]
    public void Ensemble_of_snapshots_is_a_predictor_of_their_mean_probabilities_and_has_one_file()
    {
        var network = new Sequential(new Dense(8), new Relu(), new Dense(3));
        Model<double>[] members = [.. new ulong[] { 1, 2, 3 }.Select(seed => network.Build<double>(3, seed))];
        ModelCard card = new()
        {
            Task = PredictionTask.Multiclass(3),
            ClassNames = ["a", "b", "c"],
            Normalization = PredictorSamples.Scaling,
        };
        Model<double> ensemble = network.BuildEnsemble(3, EnsembleCombination.Average, [.. members.Select(ModelSnapshot<double>.Of)]);
        ensemble.Card = card;
        ensemble.Save(_folder["ensemble.safetensors"]);
        Prediction found = Predictor.Load<double>(_folder["ensemble.safetensors"]).Predict(12, 16, 70);
        Prediction[] expected = [.. members.Select(member => new Predictor<double>(member, card).Predict(12, 16, 70))];
        for (int i = 0; i < 3; i++)
            Assert.Equal(expected.Average(member => member.Probabilities[i]), found.Probabilities[i], 12);
        Assert.Equal(new Predictor<double>(ensemble).Predict(12, 16, 70), found);
    }

    [Fact]
    public void Predictor_of_a_table_takes_named_values_as_the_table_would_have_them()
    {
        Predictor<float> predictor = PredictorSamples.OfTable();
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

    /// <summary>The numbers of two rows may be close together; of a training set they may not.</summary>
    [Fact]
    public void Predictor_of_a_table_predicts_rows_together_as_alone()
    {
        Model<float> model = new Dense(2).Build<float>(1, 1);
        model.Card = new()
        {
            Task = PredictionTask.Multiclass(2),
            ClassNames = ["a", "b"],
            Preprocessing = new() { Columns = [new() { Name = "stamp" }], LabelColumn = "kind", ClassNames = ["a", "b"] },
            Normalization = new([2.2e7], [1e6]),
        };
        var predictor = new Predictor<float>(model);
        Prediction[] alone = [predictor.Predict(Rows(20_000_001))[0], predictor.Predict(Rows(20_000_002))[0]];
        Assert.Equal(alone, predictor.Predict(Rows(20_000_001, 20_000_002)));
        Assert.Contains("(stamp): the number 1E+39 is beyond the range of float", Assert.Throws<InvalidDataException>(
            () => predictor.Predict(Rows(1e39, 1))).Message);

        static Table Rows(params double[] stamps) => new(
            "new", [TableColumn.OfNumbers("stamp", ColumnRole.Feature, 1, stamps)], [.. Enumerable.Range(1, stamps.Length)]);
    }

    [Fact]
    public void Predictor_of_a_table_rounds_numbers_once_after_their_normalization()
    {
        double[] stamps = [1_700_000_001, 1_700_000_003, 1_700_000_010, 1_700_000_012];
        var table = new Table(
            "stamps",
            [
                TableColumn.OfNumbers("stamp", ColumnRole.Feature, 1, stamps),
                TableColumn.OfTexts("kind", ColumnRole.Label, 2, [0, 0, 1, 1], ["early", "late"]),
            ],
            [1, 2, 3, 4]);
        Preprocessing preprocessing = Preprocessing.Fit(table);
        Dataset data = preprocessing.Apply<double>(table);
        Model<float> model = new Dense(2).Build<float>(1, 1);
        var plan = new TrainingPlan { Schedule = 0.5, Length = TrainingLength.Steps(20), Normalization = Normalization.PerFeature(data) };
        using (var trainer = new Trainer<float>(model, plan, data))
            trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
        var predictor = new Predictor<float>(model);
        Prediction[] expected = predictor.Predict(data), found = predictor.Predict(table);
        Assert.Equal(["early", "early", "late", "late"], expected.Select(prediction => prediction.ClassName));
        for (int i = 0; i < stamps.Length; i++)
        {
            Assert.Equal(expected[i].Probabilities, found[i].Probabilities);
            Assert.Equal(expected[i].Probabilities, predictor.Predict(("stamp", stamps[i])).Probabilities);
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
            PredictorSamples.Row(row), null, null, new DatasetDescription(row.Length) { FeatureNames = [.. names] });
    }
}
