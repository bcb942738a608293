using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>What a file answers in ONNX Runtime a <see cref="Predictor{T}"/> of the model answers, and one of what is read again.</summary>
public class PredictionTests
{
    private const double Tolerance = 1e-5;

    private static readonly Shape Image = new(5, 4, 3);

    private static readonly Sequential Dense = new(new Dense(6), new Tanh(), new Dense(3));

    private static readonly Dictionary<string, (Layer Network, Shape Input, ModelCard Card)> Cases = new()
    {
        ["classes"] = (Dense, 4, Of(PredictionTask.Multiclass(3)) with { Normalization = Scale(4, 900, 40) }),
        ["calibrated classes"] =
            (Dense, 4, Of(PredictionTask.Multiclass(3)) with { Normalization = Scale(4, 900, 40), Temperature = 1 / 3.0 }),
        ["two classes"] = (new Sequential(new Dense(1)), 4, Of(PredictionTask.Binary) with { Temperature = 2.7 }),
        ["labels"] = (Dense, 4, Of(PredictionTask.Multilabel(3)) with { Normalization = Scale(4, 0, 255), Temperature = 0.3 }),
        ["numbers"] = (Dense, 4, Of(PredictionTask.Regression(3)) with { Normalization = Scale(4, -7, 1e-3) }),
        ["scaled numbers"] = (
            Dense, 4, Of(PredictionTask.Regression(3)) with { TargetScaling = Scale(3, 180_000, 31_000), Normalization = Scale(4, 9, 3) }),
        ["one scaled number"] = (new Dense(1), 4, Of(PredictionTask.Regression(1)) with { TargetScaling = Scale(1, 180_000, 31_000) }),
        ["numbers of a layer that nothing is fused into"] = (
            new Sequential(new Dense(3), new Relu()), 4, Of(PredictionTask.Regression(3)) with { TargetScaling = Scale(3, 5, 2) }),
        ["classes of a layer that nothing is fused into"] = (
            new Sequential(new Dense(3), new Relu()), 4, Of(PredictionTask.Multiclass(3)) with { Temperature = 0.2 }),
        ["an ensemble"] = (
            new Ensemble(EnsembleCombination.Average, Dense, new Dense(3)), 4,
            Of(PredictionTask.Multiclass(3)) with { Normalization = Scale(4, 1, 3), Temperature = 1.5 }),
        ["images"] = (
            new Sequential(new Convolution2D(4, 3), new Relu(), new Dense(3)), Image,
            Of(PredictionTask.Multiclass(3)) with { Normalization = Scale(Image.Count, 120, 70), Temperature = 2 }),
        ["scaled images of images"] = (
            new Convolution2D(2, 3) { Padding = 1 }, Image,
            Of(PredictionTask.Regression(40)) with { TargetScaling = Scale(40, 90, 30), Normalization = Scale(Image.Count, 120, 70) }),
        ["means that are large beside their deviations"] =
            (Dense, 4, Of(PredictionTask.Regression(3)) with { Normalization = new([2_000.0123, 1e6 + 0.3, 4, 1], [0.01, 0.5, 3, 1]) }),
        ["no task"] = (Dense, 4, ModelCard.Empty with { Normalization = Scale(4, 900, 40) }),
    };

    public static TheoryData<string, PixelOrder, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, PixelOrder, int>();
            foreach ((string name, (_, Shape input, _)) in Cases)
            {
                rows.Add(name, PixelOrder.ChannelsLast, 17);
                if (input.Rank == 3)
                    rows.Add(name, PixelOrder.Planar, 21);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void File_answers_what_the_predictor_answers_and_so_does_what_is_read_again(string name, PixelOrder order, int operatorSet)
    {
        (Model<float> model, Matrix<float> examples) = Case(name);
        OnnxExportOptions options = new() { Order = order, OperatorSet = operatorSet };
        byte[] file = ExportTests.File(model, options), without = ExportTests.File(model, options with { KeepsSpecification = false });
        float[] expected = Answers(model, examples);

        foreach (byte[] one in new[] { file, without })
        {
            using var runtime = new Runtime(one);
            bool isPlanar = order == PixelOrder.Planar;
            float[] found = runtime.Run(isPlanar ? Images.ToPlanar(examples, model.InputShape) : examples);
            if (isPlanar && model.OutputShape.Rank == 3)
            {
                var outputs = new Matrix<float>(examples.Rows, model.OutputShape.Count);
                found.CopyTo(outputs.AsSpan());
                found = Images.ToChannelsLast(outputs, model.OutputShape).AsSpan().ToArray();
            }
            Assert.InRange(Runtime.Difference<float>(expected, found), 0, Tolerance);
        }

        // With the specification by the bit; by the graph alone within what 32 bits hold.
        OnnxImport<float> import = RoundTripTests.Load(file);
        Assert.Equal(model.Card, import.Model.Card);
        Assert.Equal(model.Sha256(), import.Model.Sha256());
        Assert.Equal(expected, Answers(import.Model, examples));
        foreach (OnnxImport<float> again in new[] { RoundTripTests.Load(without), RoundTripTests.Load(file, new() { GraphAlone = true }) })
        {
            Assert.DoesNotContain(again.Model.Network.ToString()!, "BatchNorm");
            Assert.Equal(model.Card.Temperature != 1, again.Temperature != 1);
            Assert.Equal(model.Card.TargetScaling is not null, again.TargetScaling is not null);
            Assert.InRange(Runtime.Difference<float>(expected, Answers(again.Model, examples)), 0, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Step_that_another_program_made_part_of_the_network_is_not_done_twice(string name, PixelOrder order, int operatorSet)
    {
        (Model<float> model, Matrix<float> examples) = Case(name);
        var message = ModelMessage.Read(
            new MemoryStream(ExportTests.File(model, new() { Order = order, OperatorSet = operatorSet })));
        message.ProducerName = "optimizer";
        message.Graph!.Nodes.ForEach(node => node.Name = "");
        message.Graph.Initializers.Reverse();
        byte[] file = TestGraph.ToFile(message);
        if (name == "scaled images of images")
        {
            // No layer does it, and it is not left out.
            Assert.Throws<OnnxUnsupportedException>(() => RoundTripTests.Load(file));
            return;
        }
        OnnxImport<float> import = RoundTripTests.Load(file);
        Assert.Contains(import.Notes, note => note.Contains("not that of the file's specification"));
        Assert.InRange(Runtime.Difference<float>(Answers(model, examples), Answers(import.Model, examples)), 0, Tolerance);
    }

    [Fact]
    public void File_of_a_table_takes_its_numbers_as_they_are_and_categories_as_features()
    {
        ModelCard card = Of(PredictionTask.Regression(3)) with
        {
            Preprocessing = new()
            {
                Columns =
                [
                    new() { Name = "area", Mean = 131.7, StandardDeviation = 17.3 },
                    new() { Name = "city", IsCategorical = true, Categories = ["Oslo", "Łódź"] },
                    new() { Name = "year", Mean = 1970, StandardDeviation = 21 },
                ],
                TargetColumns = ["a", "b", "c"],
            },
            Normalization = Scale(4, 0.1, 1.1),
            TargetScaling = Scale(3, 180_000, 31_000),
        };
        Model<float> model = Dense.Build<float>(4, 1);
        model.Card = card;
        double[] expected = [.. Predict(model)];
        byte[] file = ExportTests.File(model, new());
        using var runtime = new Runtime(file);
        float[] found = runtime.Run(Matrix<float>.FromArray(new float[,] { { 120, 0, 1, 1999 } }));
        Assert.InRange(Runtime.Difference<double>(expected, [.. found.Select(number => (double)number)]), 0, Tolerance);

        Assert.Equal(card, RoundTripTests.Load(file).Model.Card);
        Assert.Equal(expected, Predict(RoundTripTests.Load(file).Model));

        // Where the graph is another, the table's scaling is part of the normalization, and is not done twice.
        var message = ModelMessage.Read(new MemoryStream(file));
        message.ProducerName = "optimizer";
        message.Graph!.Nodes.ForEach(node => node.Name = "");
        message.Texts.RemoveAll(text => text.Key == "deeplearn.specification");
        Assert.InRange(
            Runtime.Difference<double>(expected, [.. Predict(RoundTripTests.Load(TestGraph.ToFile(message)).Model)]), 0, Tolerance);

        // Numbers that another program changed win over the card's.
        message = ModelMessage.Read(new MemoryStream(file));
        message.Graph!.Initializers.Find(tensor => tensor.Name == "preprocessing/mean")!.Raw = new byte[16];
        using var changed = new Runtime(TestGraph.ToFile(message));
        found = changed.Run(Matrix<float>.FromArray(new float[,] { { 120, 0, 1, 1999 } }));
        Assert.InRange(
            Runtime.Difference<double>(
                [.. Predict(RoundTripTests.Load(TestGraph.ToFile(message)).Model)], [.. found.Select(number => (double)number)]),
            0, Tolerance);

        static IEnumerable<double> Predict(Model<float> model) =>
            new Predictor<float>(model).Predict(("area", 120), ("city", "Łódź"), ("year", 1999)).Values;
    }

    [Fact]
    public void Trained_and_calibrated_classes_are_those_of_the_predictor_and_train_on()
    {
        RandomStream stream = RandomKey.FromSeed(3).Open();
        var features = new float[90, 2];
        var labels = new int[90];
        for (int i = 0; i < 90; i++)
        {
            labels[i] = i % 3;
            features[i, 0] = 100 + (20 * labels[i]) + (float)(30 * stream.NextUniform());
            features[i, 1] = 1000 - (50 * labels[i]) + (float)(90 * stream.NextUniform());
        }
        DenseDataset<float> data = DenseDataset<float>.FromArray(features, labels, 3);
        Model<float> model = new Sequential(new Dense(8), new Relu(), new Dense(3)).Build<float>(2, 1);
        var plan = new TrainingPlan
        {
            Schedule = 0.05,
            BatchSize = 10,
            Length = TrainingLength.Epochs(10),
            Normalization = Normalization.PerFeature(data),
        };
        using (var trainer = new Trainer<float>(model, plan, data))
            trainer.Run();
        Predictor<float> predictor = new Predictor<float>(model).Calibrated(data);
        Assert.NotEqual(1, predictor.Card.Temperature);
        var expected = new float[3];
        predictor.Predict([130f, 960f], expected);

        // The temperature is on the predictor's card, and not on the model's.
        using var file = new MemoryStream();
        predictor.SaveOnnx(file);
        using var runtime = new Runtime(file.ToArray());
        Assert.InRange(
            Runtime.Difference<float>(expected, runtime.Run(Matrix<float>.FromArray(new[,] { { 130f, 960f } }))), 0, Tolerance);

        foreach (bool isAlone in new[] { false, true })
        {
            OnnxImport<float> import = RoundTripTests.Load(file.ToArray(), new() { GraphAlone = isAlone });
            double before = LossOf(import.Model);
            TrainingPlan further = plan with { Normalization = import.Normalization, Schedule = 0.01 };
            using (var trainer = new Trainer<float>(import.Model, further, data))
                trainer.Run();
            Assert.True(LossOf(import.Model) < before);
        }

        double LossOf(Model<float> trained)
        {
            var scores = new Predictor<float>(trained, trained.Card with { Temperature = 1 });
            return -scores.Predict(data).Select((prediction, i) => Math.Log(prediction.Probabilities[labels[i]])).Average();
        }
    }

    [Fact]
    public void Network_alone_takes_prepared_inputs_and_gives_its_own_outputs()
    {
        foreach ((string name, _) in Cases)
        {
            (Model<float> model, Matrix<float> examples) = Case(name);
            byte[] file = ExportTests.File(model, new() { NetworkAlone = true });
            using var runtime = new Runtime(file);
            Assert.InRange(Runtime.Difference(model.Predict(examples).AsSpan(), runtime.Run(examples)), 0, Tolerance);
            OnnxImport<float> import = RoundTripTests.Load(file);
            Assert.Equal(model.Card, import.Model.Card);
            Assert.Equal((null, 1, null, OnnxEnding.None), (import.Normalization, import.Temperature, import.TargetScaling, import.Ending));
        }
    }

    [Fact]
    public void Scores_of_classes_are_given_where_they_are_asked_for_with_their_temperature()
    {
        (Model<float> model, Matrix<float> examples) = Case("calibrated classes");
        byte[] file = ExportTests.File(model, new() { Ending = OnnxEnding.None });
        using var runtime = new Runtime(file);
        float[] scores = runtime.Run(examples), expected = Answers(model, examples);
        for (int row = 0; row < examples.Rows; row++)
        {
            double sum = scores[(3 * row)..(3 * (row + 1))].Sum(score => Math.Exp(score));
            for (int i = 3 * row; i < 3 * (row + 1); i++)
                Assert.Equal(expected[i], Math.Exp(scores[i]) / sum, 1e-5);
        }
        Assert.Equal(expected, Answers(RoundTripTests.Load(file).Model, examples));
    }

    private static ModelCard Of(PredictionTask task) => ModelCard.Empty with { Task = task };

    private static Normalization Scale(int count, double mean, double deviation) => new(
        [.. Enumerable.Range(0, count).Select(i => mean * (1 + (0.1 * i)))],
        [.. Enumerable.Range(0, count).Select(i => deviation / (1 + i))]);

    private static (Model<float> Model, Matrix<float> Examples) Case(string name)
    {
        (Layer network, Shape input, ModelCard card) = Cases[name];
        Model<float> model = network.Build<float>(input, 1);
        model.Card = card;
        Matrix<float> examples = ExportTests.Random(4, input.Count, 1);
        for (int row = 0; row < examples.Rows && card.Normalization is { } normalization; row++)
        {
            for (int i = 0; i < input.Count; i++)
                examples[row, i] = (float)(normalization.Mean[i] + (normalization.StandardDeviation[i] * 2 * (examples[row, i] - 0.5)));
        }
        return (model, examples);
    }

    /// <summary>What a predictor writes; where the card has no task, the outputs for normalized examples.</summary>
    private static float[] Answers(Model<float> model, Matrix<float> examples)
    {
        ModelCard card = model.Card.Task is null
            ? model.Card with { Task = PredictionTask.Regression(model.OutputShape.Count) } : model.Card;
        var predictor = new Predictor<float>(model, card);
        var answers = new Matrix<float>(examples.Rows, predictor.OutputCount);
        for (int row = 0; row < examples.Rows; row++)
            predictor.Predict(examples.Row(row), answers.Row(row));
        return answers.AsSpan().ToArray();
    }
}
