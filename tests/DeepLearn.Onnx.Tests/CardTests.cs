using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>What goes with the weights, class names, normalization, task and all, goes through a file and comes back.</summary>
public class CardTests
{
    private static readonly Sequential Network = new(new Dense(4), new BatchNorm(), new Relu(), new Dense(2));

    private static readonly ModelCard Card = new()
    {
        Normalization = new([0.1, -1e-3, 1e3], [0.7, 1.0 / 3, 1e2]),
        Preprocessing = new()
        {
            Columns =
            [
                new() { Name = "age", Mean = 40.5, StandardDeviation = 12, Replacement = 38 },
                new() { Name = "city", IsCategorical = true, Categories = ["Oslo", "Łódź"] },
            ],
            LabelColumn = "buys",
            ClassNames = ["no", "yes"],
        },
        FeatureNames = ["age", "city=Oslo", "city=Łódź"],
        Task = PredictionTask.Multiclass(2),
        ClassNames = ["no", "yes"],
        TargetNames = ["p", "q"],
        TargetScaling = new([1, 2], [3, 1.0 / 3]),
        Temperature = 1.7,
        Training = new() { Plan = "a plan", Seed = ulong.MaxValue, Steps = 12, PlannedSteps = 20, Metrics = [new("accuracy", 0.1)] },
        Texts = [new("by", "Jürgen\n"), new("empty", "")],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Card_is_the_same_after_a_round_trip(bool isNetworkAlone)
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.Card = Card;
        OnnxImport<float> import = RoundTripTests.Load(ExportTests.File(model, new() { NetworkAlone = isNetworkAlone }));
        Assert.Equal(Card, import.Model.Card);
        Assert.Equal(isNetworkAlone ? null : Card.Normalization, import.Normalization);
        Assert.Equal(isNetworkAlone ? 1 : Card.Temperature, import.Temperature);
        Assert.Equal(isNetworkAlone ? OnnxEnding.None : OnnxEnding.Softmax, import.Ending);
        Assert.Empty(import.Texts);
        Prediction expected = new Predictor<float>(model).Predict(("age", 30), ("city", "Łódź"));
        Assert.Equal(expected, new Predictor<float>(import.Model).Predict(("age", 30), ("city", "Łódź")));
    }

    [Fact]
    public void Card_as_JSON_is_the_same_card()
    {
        Assert.Equal(Card, ModelCard.FromJson(Card.ToJson()));
        Assert.Equal(ModelCard.Empty, ModelCard.FromJson(ModelCard.Empty.ToJson()));
        Assert.Contains(
            "$.normalization",
            Assert.Throws<InvalidDataException>(() => ModelCard.FromJson(Card.ToJson().Replace("\"mean\":[0.1,", "\"mean\":["))).Message);
        Assert.Contains(
            "$.texts",
            Assert.Throws<InvalidDataException>(() => ModelCard.FromJson(Card.ToJson().Replace("\"texts\":[", "\"texts\":[1,"))).Message);
    }

    [Fact]
    public void File_without_specification_has_the_card_that_its_graph_tells()
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.Card = Card with { Preprocessing = null };
        ModelCard told = RoundTripTests.Load(ExportTests.File(model, new() { KeepsSpecification = false })).Model.Card;
        Assert.Equal((PredictionTask.Multiclass(2), (double)(float)Card.Temperature), (told.Task, told.Temperature));
        Assert.Equal(Card.Normalization!.Mean.Select(number => (double)(float)number), told.Normalization!.Mean);
        Assert.Empty(told.ClassNames);

        OnnxExportOptions bare = new() { KeepsSpecification = false, NetworkAlone = true };
        Assert.Equal(ModelCard.Empty, RoundTripTests.Load(ExportTests.File(model, bare)).Model.Card);
    }

    [Fact]
    public void Normalization_that_another_program_changed_wins_over_the_card()
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.Card = Card;
        var message = Messages.ModelMessage.Read(new MemoryStream(ExportTests.File(model, new())));
        Messages.TensorMessage mean = message.Graph!.Initializers.Find(tensor => tensor.Name == "normalization/mean")!;
        mean.Raw = new byte[12];
        OnnxImport<float> import = RoundTripTests.Load(TestGraph.ToFile(message));
        Assert.Equal([0.0, 0, 0], import.Normalization!.Mean);
        Assert.Equal(import.Normalization, import.Model.Card.Normalization);
        Assert.Equal(Network, import.Model.Network);
    }

    [Theory]
    [InlineData(PixelOrder.ChannelsLast)]
    [InlineData(PixelOrder.Planar)]
    public void Normalization_of_an_image_within_the_graph_is_the_same_after_a_round_trip(PixelOrder order)
    {
        var shape = new Shape(4, 5, 3);
        Model<float> model = new Sequential(new Convolution2D(4, 3), new Relu(), new Dense(3)).Build<float>(shape, 1);
        double[] numbers = [.. Enumerable.Range(1, shape.Count).Select(i => i / 7.0)];
        var normalization = new Normalization([.. numbers], [.. numbers]);
        model.Card = model.Card with { Normalization = normalization };
        OnnxImport<float> import =
            RoundTripTests.Load(ExportTests.File(model, new() { Normalization = normalization, Order = order }));
        Assert.Equal(normalization, import.Normalization);
        Assert.Equal(model.Card, import.Model.Card);

        // The graph alone has them rounded.
        import = RoundTripTests.Load(
            ExportTests.File(model, new() { Normalization = normalization, Order = order }), new() { GraphAlone = true });
        Assert.Equal(numbers.Select(number => (double)(float)number), import.Normalization!.Mean);
    }

    [Fact]
    public void Card_of_another_network_is_passed_over_with_a_note()
    {
        Model<float> model = Network.Build<float>(3, 1);
        model.Card = Card;
        var message = Messages.ModelMessage.Read(new MemoryStream(ExportTests.File(model, new())));
        var other = Messages.ModelMessage.Read(new MemoryStream(ExportTests.File(new Dense(5).Build<float>(3, 1), new())));
        message.Graph = other.Graph;
        OnnxImport<float> import = RoundTripTests.Load(TestGraph.ToFile(message));
        Assert.Equal(new Sequential(new Dense(5)), import.Model.Network);
        Assert.Contains(import.Notes, note => note.Contains("task of a model from [3] to [5]"));
        Assert.Equal(ModelCard.Empty, import.Model.Card);
    }

    [Fact]
    public void File_of_another_library_that_ends_in_a_softmax_predicts_classes_at_once()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("Softmax", [graph.Node("MatMul", ["x", graph.Numbers("w", 3, 4)])]);
        OnnxImport<float> import = graph.Load();
        Assert.Equal(PredictionTask.Multiclass(4), import.Model.Card.Task);
        using var runtime = new Runtime(graph.ToFile());
        Prediction found = new Predictor<float>(import.Model).Predict(1.0, -2, 0.5);
        float[] expected = runtime.Run(Matrix<float>.FromArray(new[,] { { 1f, -2, 0.5f } }));
        Assert.InRange(
            Runtime.Difference<double>([.. expected.Select(number => (double)number)], found.Probabilities.AsSpan()), 0, 1e-6);
    }
}
