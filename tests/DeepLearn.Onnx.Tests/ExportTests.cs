using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>What a model predicts, the file that it was exported to predicts in ONNX Runtime.</summary>
public class ExportTests
{
    private const double Tolerance = 1e-5;

    private static readonly Shape Image = new(6, 5, 3);

    /// <summary>Each layer alone, behind something that gives it an image or a vector.</summary>
    public static TheoryData<string> LayerRows => [.. Layers.Keys];

    internal static readonly Dictionary<string, Layer> Layers = new Layer[]
    {
        new Dense(4), new Dense(4) { HasBiases = false }, new Relu(), new LeakyRelu(0.2), new Elu(0.7), new Gelu(), new Gelu(GeluForm.Tanh),
        new Silu(), new Sigmoid(), new Tanh(), new Softplus(), new Dropout(0.3), new Flatten(), new BatchNorm { Epsilon = 1e-3 },
        new BatchNorm { HasScale = false },
        new LayerNorm(), new GlobalAveragePool(), new MaxPool(2), new MaxPool(3) { Stride = 2, Padding = 1 },
        new MaxPool(3) { Stride = 2, Padding = Padding2D.Same }, new AveragePool(2),
        new AveragePool(3) { Stride = 2, Padding = Padding2D.Same },
        new AveragePool(3) { Stride = 2, Padding = 1, CountsPadding = true }, new AveragePool(new Extent2D(2, 3)) { Padding = 1 },
        new Convolution2D(4, 3), new Convolution2D(4, 3) { Padding = Padding2D.Same, Stride = 2, HasBiases = false },
        new Convolution2D(4, 3) { Padding = Padding2D.Of(1, 2), Stride = new Extent2D(2, 1), Dilation = 2 },
        new Convolution2D(4, new Extent2D(2, 3)) { Padding = Padding2D.Same, Dilation = 2 },
        new Convolution2D(6, 3) { Groups = 3 }, new Convolution2D(3, 3) { Groups = 3, Padding = 1 },
        new Residual(new Convolution2D(3, 3) { Padding = 1 }),
        new Residual(new Sequential(new Convolution2D(4, 3) { Padding = 1 }, new Relu()), new Convolution2D(4, 1)),
        new Residual(new LayerNorm()), new Residual(new Sequential(new Dense(7), new Tanh()), new Dense(7)),
        new Residual(new Flatten(), new Sequential(new Flatten(), new LayerNorm())),
        new Ensemble(EnsembleCombination.Average, new Dense(3), new Sequential(new Flatten(), new Dense(5), new Tanh(), new Dense(3))),
        new Ensemble(EnsembleCombination.MajorityVote, new Dense(3), new Dense(3), new Dense(3)),
        new Ensemble(EnsembleCombination.Average, new Relu(), new Tanh()),
        new Ensemble(EnsembleCombination.MajorityVote, new Relu(), new Convolution2D(3, 1)),
        new TestTimeAugmentation(
            new Sequential(new Convolution2D(4, 3), new BatchNorm(), new Gelu(), new Flatten(), new Dense(5)),
            TestTimeAugmentation.MirrorsAndShifts()),
        new TestTimeAugmentation(
            new Convolution2D(2, 3), new ImageView { Down = 2, Right = -3, Mirrored = true, Weight = 3 }, new ImageView()),
        new TestTimeAugmentation(new Residual(new LayerNorm()), new ImageView { Down = -5 }, new ImageView { Right = 4 }),
    }.ToDictionary(layer => layer.ToString()!);

    [Theory]
    [MemberData(nameof(LayerRows))]
    public void Layer_predicts_the_same_in_OnnxRuntime(string name)
    {
        Layer layer = Layers[name];
        var before = new Convolution2D(3, 3) { Padding = 1 };
        Check(new Sequential(before, new BatchNorm(), layer), Image);
        Check(new Sequential(layer, new Tanh(), new Dense(2)), Image);
        Check(layer, Image);
        if (TakesVectors(layer))
            Check(new Sequential(before, new Flatten(), layer, new Tanh()), Image);
    }

    [Fact]
    public void TestTimeAugmentation_has_its_weights_once_and_comes_back()
    {
        var network = new Sequential(new Relu(), new TestTimeAugmentation(new Dense(2), TestTimeAugmentation.MirrorsAndShifts()));
        Model<float> model = network.Build<float>(Image, 1);
        byte[] file = File(model, new());
        GraphMessage graph = ModelMessage.Read(new MemoryStream(file)).Graph!;
        Assert.Equal(6, graph.Nodes.Count(node => node.Operator == "Gemm"));
        Assert.Single(graph.Initializers, tensor => tensor.Extents.Count == 2);

        OnnxImport<float> import = RoundTripTests.Load(file);
        Assert.Equal(network, import.Model.Network);
        Assert.Equal(model.Sha256(), import.Model.Sha256());
        string message =
            Assert.Throws<OnnxUnsupportedException>(() => RoundTripTests.Load(file, new() { GraphAlone = true })).Message;
        Assert.Contains("Gather", message);
    }

    [Fact]
    public void Every_layer_of_the_library_is_exported() =>
        Assert.Empty(
            LibraryTypes.Of<Layer>().Except(Layers.Values.SelectMany(LayerParts.Of).Select(layer => layer.GetType())));

    [Fact]
    public void Random_network_predicts_the_same_in_OnnxRuntime() =>
        Prop.ForAll(NetworkSample.Arbitrary, sample =>
        {
            LayerSample network = sample.Network;
            Check(network.Build<float>(), network.Examples<float>(), new() { Order = PixelOrder.ChannelsLast });
            Check(network.Build<float>(), network.Examples<float>(), new() { Order = PixelOrder.Planar, OperatorSet = 21 });
        }).Check(RandomCases.Of(150));

    [Theory]
    [InlineData(PixelOrder.ChannelsLast)]
    [InlineData(PixelOrder.Planar)]
    public void Normalization_within_the_graph_is_the_models(PixelOrder order)
    {
        RandomStream stream = RandomKey.FromSeed(5).Open();
        var mean = new double[Image.Count];
        var deviation = new double[Image.Count];
        for (int i = 0; i < mean.Length; i++)
            (mean[i], deviation[i]) = (100 * stream.NextUniform(), 20 + (50 * stream.NextUniform()));
        var normalization = new Normalization(ValueList.Create<double>(mean), ValueList.Create<double>(deviation));
        Model<float> model = new Sequential(new Convolution2D(4, 3), new Relu(), new Dense(3)).Build<float>(Image, 1);
        Matrix<float> raw = Random(4, Image.Count, 255);
        Matrix<float> prepared = Matrix<float>.CopyOf(raw);
        FeatureTransform<float> prepare = normalization.Build<float>();
        for (int row = 0; row < raw.Rows; row++)
            prepare.Apply(raw.Row(row), prepared.Row(row));

        using var runtime = new Runtime(File(model, new() { Order = order, Normalization = normalization }));
        float[] found = runtime.Run(order == PixelOrder.Planar ? Images.ToPlanar(raw, Image) : raw);

        Assert.InRange(Runtime.Difference(model.Predict(prepared).AsSpan(), found), 0, Tolerance);
    }

    [Theory]
    [InlineData(OnnxEnding.Softmax)]
    [InlineData(OnnxEnding.LogSoftmax)]
    [InlineData(OnnxEnding.Sigmoid)]
    public void Ending_within_the_graph_is_that_of_the_scores(OnnxEnding ending)
    {
        Model<float> model = new Dense(4).Build<float>(5, 1);
        Matrix<float> examples = Random(3, 5, 2);
        Matrix<float> scores = model.Predict(examples);
        var expected = new Matrix<float>(3, 4);
        for (int row = 0; row < 3; row++)
        {
            double sum = scores.Row(row).ToArray().Sum(score => Math.Exp(score));
            for (int i = 0; i < 4; i++)
            {
                expected[row, i] = (float)(ending switch
                {
                    OnnxEnding.Softmax => Math.Exp(scores[row, i]) / sum,
                    OnnxEnding.LogSoftmax => scores[row, i] - Math.Log(sum),
                    _ => 1 / (1 + Math.Exp(-scores[row, i])),
                });
            }
        }

        using var runtime = new Runtime(File(model, new() { Ending = ending }));

        Assert.InRange(Runtime.Difference(expected.AsSpan(), runtime.Run(examples)), 0, Tolerance);
    }

    [Fact]
    public void File_states_names_shapes_texts_and_a_free_batch()
    {
        Model<float> model = new Sequential(new Convolution2D(4, 3), new Relu(), new Dense(3)).Build<float>(Image, 1);
        byte[] file = File(model, new()
        {
            InputName = "pixels",
            OutputName = "scores",
            GraphName = "small",
            Description = "a test",
            Order = PixelOrder.Planar,
            Texts = new Dictionary<string, string> { ["classes"] = "a,b,c" },
        });

        using var runtime = new Runtime(file);
        Assert.Equal([-1, 3, 6, 5], runtime.Inputs["pixels"].Dimensions);
        Assert.Equal("batch", runtime.Inputs["pixels"].SymbolicDimensions[0]);
        Assert.Equal([-1, 3], runtime.Outputs["scores"].Dimensions);
        ModelMetadata known = runtime.Metadata;
        Assert.Equal(("DeepLearn.Onnx", "small", "a test"), (known.ProducerName, known.GraphName, known.Description));
        Assert.Equal("a,b,c", known.CustomMetadataMap["classes"]);

        Messages.ModelMessage message = Messages.ModelMessage.Read(new MemoryStream(file));
        Assert.Equal(["Conv", "Relu", "Flatten", "Gemm"], message.Graph!.Nodes.Select(node => node.Operator));
        Assert.Equal(["convolution2d1", "relu1", "dense1/flatten", "dense1"], message.Graph.Nodes.Select(node => node.Name));
        Assert.Equal(model.Parameters.Select(parameter => parameter.Name), message.Graph.Initializers.Select(tensor => tensor.Name));
        Assert.Equal(["convolution2d1", "relu1", "dense1/flatten"], message.Graph.Values.Select(value => value.Name));
        Assert.Equal("[batch, 4, 4, 3]", message.Graph.Values[0].Type!.Tensor!.Shape!.ToString());
        Assert.Equal((8, 17), (message.FormatVersion, message.OperatorSets.Single().Version));
    }

    [Fact]
    public void Residual_network_of_images_has_one_transposition()
    {
        Layer block = new Residual(
            new Sequential(new Convolution2D(3, 3) { Padding = 1 }, new BatchNorm(), new Relu(), new Convolution2D(3, 3) { Padding = 1 }));
        var network = new Sequential(
            new Convolution2D(3, 3), new Relu(), block, new Relu(), block, new MaxPool(2), new Dropout(), new Flatten(),
            new BatchNorm(), new Dense(3));
        Model<float> model = network.Build<float>(Image, 1);

        string[] Operators(PixelOrder order)
        {
            var file = Messages.ModelMessage.Read(new MemoryStream(File(model, new() { Order = order })));
            return [.. file.Graph!.Nodes.Select(node => node.Operator)];
        }

        Assert.Equal(1, Operators(PixelOrder.ChannelsLast).Count(name => name == "Transpose"));
        Assert.DoesNotContain("Transpose", Operators(PixelOrder.Planar));
    }

    [Fact]
    public void Layer_of_ones_own_is_refused_until_it_has_an_exporter()
    {
        Model<float> model = new Sequential(new Convolution2D(4, 3), new Twice(), new Dense(3)).Build<float>(Image, 1);
        var exception = Assert.Throws<OnnxUnsupportedException>(() => File(model, new()));
        Assert.Contains("twice1", exception.Message);
        Assert.Contains("WithExporter<Twice>", exception.Message);

        OnnxExportOptions options = new OnnxExportOptions().WithExporter<Twice>(
            (layer, graph) => graph.Add("Mul", [graph.Input, graph.Constant("two", [], layer.Factor)]));
        Matrix<float> examples = Random(3, Image.Count, 1);
        using var runtime = new Runtime(File(model, options));
        Assert.InRange(Runtime.Difference(model.Predict(examples).AsSpan(), runtime.Run(examples)), 0, Tolerance);
    }

    [Fact]
    public void Exporter_with_whole_numbers_writes_them_once_for_all_views()
    {
        Model<float> model = new TestTimeAugmentation(new Sequential(new Twice(), new Dense(2)), TestTimeAugmentation.Mirrors())
            .Build<float>(Image, 1);
        OnnxExportOptions options = new OnnxExportOptions().WithExporter<Twice>((layer, graph) => graph.Add(
            "Mul",
            [
                graph.Add(
                    "Reshape",
                    [graph.Input, graph.Integers("shape", [0, .. Image.Extents.ToArray().Select(extent => (long)extent)])]),
                graph.Constant("two", [], layer.Factor),
            ]));
        Matrix<float> examples = Random(3, Image.Count, 1);
        using var runtime = new Runtime(File(model, options));
        Assert.InRange(Runtime.Difference(model.Predict(examples).AsSpan(), runtime.Run(examples)), 0, Tolerance);
    }

    [Fact]
    public void Exporter_that_asks_for_what_the_layer_has_not_is_told_what_it_has()
    {
        Model<float> model = new Sequential(new Dense(4)).Build<float>(3, 1);
        OnnxExportOptions options = new OnnxExportOptions().WithExporter<Dense>((_, graph) => graph.Parameter("bias"));
        var exception = Assert.Throws<ArgumentException>(() => File(model, options));
        Assert.Contains("dense1/weights, dense1/biases; found no dense1/bias", exception.Message);
    }

    [Fact]
    public void Normalization_of_other_inputs_is_refused()
    {
        Model<float> model = new Dense(2).Build<float>(3, 1);
        Assert.Throws<ArgumentException>(() => File(model, new() { Normalization = Normalization.UnitRange(4) }));
    }

    [Fact]
    public void Option_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExportOptions { OperatorSet = 16 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExportOptions { OperatorSet = 22 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExportOptions { Ending = (OnnxEnding)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExportOptions { Order = (PixelOrder)9 });
        Assert.Throws<ArgumentException>(() => new OnnxExportOptions { InputName = "" });
    }

    [Fact]
    public void Damaged_export_is_refused_by_OnnxRuntime() =>
        Assert.ThrowsAny<OnnxRuntimeException>(() => new Runtime(File(new Dense(2).Build<float>(3, 1), new())[..40]));

    internal static byte[] File(Model<float> model, OnnxExportOptions options)
    {
        using var stream = new MemoryStream();
        model.SaveOnnx(stream, options);
        return stream.ToArray();
    }

    internal static Matrix<float> Random(int rows, int columns, float scale)
    {
        RandomStream stream = RandomKey.FromSeed((ulong)(rows + columns)).Derive("examples").Open();
        var numbers = new Matrix<float>(rows, columns);
        foreach (ref float number in numbers.AsSpan())
            number = scale * (float)stream.NextUniform();
        return numbers;
    }

    internal static bool TakesVectors(Layer layer)
    {
        try
        {
            layer.OutputShape(Image.Count);
            return true;
        }
        catch (ShapeMismatchException)
        {
            return false;
        }
    }

    private static void Check(Layer network, Shape input)
    {
        var sample = new LayerSample(network, input, 3, 7);
        foreach (int operatorSet in new[] { 17, 20, 21 })
        {
            foreach (PixelOrder order in new[] { PixelOrder.ChannelsLast, PixelOrder.Planar })
                Check(sample.Build<float>(), sample.Examples<float>(), new() { OperatorSet = operatorSet, Order = order });
        }
    }

    private static void Check(Model<float> model, Matrix<float> examples, OnnxExportOptions options)
    {
        Vary(model);
        Matrix<float> expected = model.Predict(examples);
        bool isPlanar = options.Order == PixelOrder.Planar;
        if (isPlanar)
            expected = Images.ToPlanar(expected, model.OutputShape);
        Matrix<float> given = isPlanar ? Images.ToPlanar(examples, model.InputShape) : examples;
        foreach (bool optimizes in new[] { false, true })
        {
            using var runtime = new Runtime(File(model, options), optimizes);
            double difference = Runtime.Difference(expected.AsSpan(), runtime.Run(given));
            Assert.True(difference <= Tolerance, $"{model.Network}, {options.Order}, {options.OperatorSet}: {difference}");
        }
    }

    /// <summary>Moving averages that are not what they began as.</summary>
    internal static void Vary(Model<float> model)
    {
        foreach (var buffer in model.Buffers)
        {
            RandomStream stream = RandomKey.FromSeed(3).Derive(buffer.Name).Open();
            double least = buffer.Name.EndsWith("variance", StringComparison.Ordinal) ? 0.5 : -0.5;
            foreach (ref float number in buffer.Value.AsSpan())
                number = (float)(least + stream.NextUniform());
        }
    }
}
