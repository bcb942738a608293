using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
using DeepLearn.Onnx.Messages;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>
/// A file of ours keeps the network's specification, which is believed where the graph is the one that it is exported to.
/// </summary>
public class SpecificationTests
{
    private static readonly Sequential Small =
        new(new Convolution2D(4, 3), new LeakyRelu(0.2), new Flatten(), new Dense(5), new Gelu(), new Dense(3));

    [Fact]
    public void Random_network_is_the_same_specification_and_bits_after_a_round_trip() =>
        Prop.ForAll(NetworkSample.Arbitrary, sample =>
        {
            LayerSample network = sample.Network;
            foreach (PixelOrder order in new[] { PixelOrder.ChannelsLast, PixelOrder.Planar })
            {
                foreach (int operatorSet in new[] { 17, 21 })
                {
                    foreach (OnnxEnding ending in new[] { OnnxEnding.None, OnnxEnding.Softmax, OnnxEnding.Sigmoid })
                    {
                        // A softmax of one output is refused.
                        Model<float> model = network.Build<float>();
                        OnnxEnding? sensible = ending == OnnxEnding.Softmax && model.OutputShape.Count == 1 ? null : ending;
                        CheckSame(model, new() { Order = order, OperatorSet = operatorSet, Ending = sensible });
                    }
                }
            }
        }).Check(RandomCases.Of(150));

    [Fact]
    public void File_whose_output_is_an_inner_value_is_read_by_its_graph()
    {
        using var file = new MemoryStream();
        Model<float> model = new Sequential(new Dense(4), new Relu(), new Dense(2)).Build<float>(3, 1);
        model.SaveOnnx(file);
        file.Position = 0;
        ModelMessage message = ModelMessage.Read(file);
        message.Graph!.Outputs.Clear();
        message.Graph.Outputs.Add(ValueMessage.Of("relu1", [4]));
        OnnxImport<float> import = RoundTripTests.Load(TestGraph.ToFile(message));
        Assert.Equal(new Sequential(new Dense(4), new Relu()), import.Model.Network);
        Assert.Contains("is not that of the file's specification", import.Notes[0]);
    }

    public static TheoryData<string> BranchingRows => [.. Branching.Keys];

    private static readonly Dictionary<string, Layer> Branching = new Layer[]
    {
        new Residual(new Sequential(new Convolution2D(3, 3) { Padding = 1 }, new BatchNorm(), new Relu())),
        new Residual(new Convolution2D(6, 3) { Padding = 1 }, new Sequential(new Convolution2D(5, 1), new Convolution2D(6, 1))),
        new Residual(new Residual(new Residual(new Convolution2D(3, 1), new Convolution2D(3, 1)))),
        new Sequential(new Sequential(new Flatten(), new Sequential(new Dense(4) { Weights = NormalInitializer.LeCun })), new Tanh()),
        new Ensemble(EnsembleCombination.MajorityVote, new Dense(4), new Sequential(new Flatten(), new LayerNorm(), new Dense(4))),
        new Ensemble(EnsembleCombination.Average, new Dense(3), new Residual(new Sequential(new Flatten(), new Dense(3)), new Dense(3))),
        new Sequential(new Convolution2D(6, 3) { Groups = 3, HasBiases = false }, new MaxPool(2), new LayerNorm(), new Dropout(0.25)),
    }.ToDictionary(layer => layer.ToString()!);

    [Theory]
    [MemberData(nameof(BranchingRows))]
    public void Branching_or_nested_network_is_the_same_specification_and_bits_after_a_round_trip(string name)
    {
        foreach (PixelOrder order in new[] { PixelOrder.ChannelsLast, PixelOrder.Planar })
            CheckSame(Branching[name].Build<float>(new(6, 5, 3), 1), new() { Order = order });
    }

    [Fact]
    public void Double_model_is_written_where_32_bits_hold_it_or_rounding_is_allowed()
    {
        Model<double> model = Small.Build<double>(new(5, 5, 2), 1);
        var exception = Assert.Throws<ArgumentException>(() => model.SaveOnnx(new MemoryStream()));
        Assert.Contains("expected such in convolution2d1/weights; found ", exception.Message);
        Assert.Contains("OnnxExportOptions.MayRound rounds them", exception.Message);

        using var stream = new MemoryStream();
        model.SaveOnnx(stream, new() { MayRound = true });
        OnnxImport<double> import = OnnxModel.Load<double>(new MemoryStream(stream.ToArray()));
        Assert.Equal(
            model.Parameters[0].Value.AsSpan().ToArray().Select(number => (double)(float)number),
            import.Model.Parameters[0].Value.AsSpan().ToArray());

        // What was rounded once is written as it is, and again bit for bit.
        using var again = new MemoryStream();
        import.Model.SaveOnnx(again);
        Assert.Equal(stream.ToArray(), again.ToArray());

        model.Parameters[0].Value[0, 0] = 1e300;
        Assert.Contains(
            "found 1E+300, which is beyond",
            Assert.Throws<ArgumentException>(() => model.SaveOnnx(new MemoryStream(), new() { MayRound = true })).Message);
    }

    [Fact]
    public void Double_model_is_read_with_the_numbers_of_the_file()
    {
        byte[] file = ExportTests.File(Small.Build<float>(new(5, 5, 2), 1), new());
        OnnxImport<double> import = OnnxModel.Load<double>(new MemoryStream(file));
        Assert.Equal(Small, import.Model.Network);
        Assert.Equal(
            RoundTripTests.Load(file).Model.Parameters[0].Value.AsSpan().ToArray().Select(number => (double)number),
            import.Model.Parameters[0].Value.AsSpan().ToArray());
    }

    [Fact]
    public void Weights_that_another_program_changed_are_read_into_the_specification()
    {
        Model<float> model = Small.Build<float>(new(5, 5, 2), 1);
        OnnxImport<float> import = RoundTripTests.Load(Edited(model, graph =>
        {
            TensorMessage weights = graph.Initializers.Find(tensor => tensor.Name == "dense1/weights")!;
            weights.Raw = new byte[weights.Raw.Length];
        }));
        Assert.Equal(Small, import.Model.Network);
        Assert.Empty(import.Notes);
        Parameter<float> weights = import.Model.Parameters.Single(parameter => parameter.Name == "dense1/weights");
        Assert.Equal(-1, weights.Value.AsSpan().IndexOfAnyExcept(0));
    }

    [Fact]
    public void Graph_that_another_program_changed_wins_over_the_specification_and_a_note_says_so()
    {
        Model<float> model = Small.Build<float>(new(5, 5, 2), 1);
        Check(
            graph => graph.Nodes.Find(node => node.Operator == "LeakyRelu")!.Attributes[0].Float = 0.5f,
            "attributes of node LeakyRelu", network => Assert.Contains(new LeakyRelu(0.5), network.Layers));
        Check(
            graph =>
            {
                NodeMessage node = graph.Nodes.Find(node => node.Operator == "LeakyRelu")!;
                node.Operator = "Identity";
                node.Attributes.Clear();
            },
            "expected node LeakyRelu(convolution2d1) to leakyrelu1; found node Identity",
            network => Assert.DoesNotContain(network.Layers, layer => layer is LeakyRelu));
        Check(
            graph => graph.Nodes.Insert(1, Node("Identity", "convolution2d1", "more")), "expected 11 nodes; found 12", _ => { });
        Check(
            graph => graph.Initializers.Find(tensor => tensor.Name == "constant/1")!.Raw = new byte[] { 0, 0, 0x80, 0x3F, },
            null, _ => { });
        Check(
            graph =>
            {
                graph.Initializers.RemoveAll(tensor => tensor.Name is "dense2/weights" or "dense2/biases");
                graph.Initializers.Add(TensorMessage.Of("dense2/weights", [5, 2], new float[10]));
                graph.Initializers.Add(TensorMessage.Of("dense2/biases", [2], new float[2]));
            },
            "tensor", network => Assert.Equal(2, Assert.IsType<Dense>(network.Layers[^1]).Units));

        void Check(Action<GraphMessage> edit, string? note, Action<Sequential> check)
        {
            OnnxImport<float> import = RoundTripTests.Load(Edited(model, edit));
            if (note is null)
                Assert.Empty(import.Notes);
            else
                Assert.Contains(import.Notes, found => found.Contains("not that of the file's specification") && found.Contains(note));
            check((Sequential)import.Model.Network);
        }
    }

    [Fact]
    public void Constant_that_another_program_changed_is_noticed()
    {
        Model<float> model = new Sequential(new Dense(4), new Gelu(), new Dense(2)).Build<float>(3, 1);
        string message = Assert.Throws<OnnxUnsupportedException>(() => RoundTripTests.Load(Edited(
            model, graph => graph.Initializers.Find(tensor => tensor.Name == "constant/0.5")!.Raw = BitConverter.GetBytes(0.75f)))).Message;

        // No layer computes three quarters of x (1 + erf): the graph holds, and it is refused.
        Assert.Contains("gelu1", message);
    }

    [Fact]
    public void Layer_of_ones_own_is_read_again_by_its_form_and_its_exporter()
    {
        SpecificationFormats formats = SpecificationFormats.Library.WithLayer<Twice>(
            "tests.twice", (layer, to) => to.Write("factor", layer.Factor), from => new Twice((float)from.Number("factor")));
        OnnxExportOptions export = new OnnxExportOptions { Formats = formats }.WithExporter<Twice>(
            (layer, graph) => graph.Add("Mul", [graph.Input, graph.Constant("factor", [], layer.Factor)]));
        Model<float> model = new Sequential(new Convolution2D(4, 3), new Relu(), new Twice(3), new Dense(3)).Build<float>(new(5, 5, 2), 1);
        byte[] file = ExportTests.File(model, export);

        OnnxImport<float> import = RoundTripTests.Load(file, new() { Formats = formats, Exporters = export });
        Assert.Equal(model.Network, import.Model.Network);
        Assert.Equal(model.Sha256(), import.Model.Sha256());

        Assert.Contains(
            "found \"tests.twice\"",
            Assert.Throws<InvalidDataException>(() => RoundTripTests.Load(file, new() { Exporters = export })).Message);

        // Without its exporter nobody can say whether the graph is that of the specification: the graph is read, which multiplies.
        import = RoundTripTests.Load(file, new() { Formats = formats });
        Assert.Equal(
            new Sequential(new Convolution2D(4, 3), new Relu(), new BatchNorm(), new Flatten(), new Dense(3)).ToString(),
            import.Model.Network.ToString());
        Matrix<float> examples = ExportTests.Random(2, model.InputShape.Count, 1);
        Assert.InRange(
            Runtime.Difference<float>(model.Predict(examples).AsSpan(), import.Model.Predict(examples).AsSpan()), 0, 1e-5);
    }

    [Fact]
    public void Layer_without_a_written_form_is_exported_without_the_specification()
    {
        OnnxExportOptions export = new OnnxExportOptions().WithExporter<Twice>(
            (layer, graph) => graph.Add("Mul", [graph.Input, graph.Constant("factor", [], layer.Factor)]));
        Model<float> model = new Sequential(new Dense(4), new Twice(), new Dense(3)).Build<float>(2, 1);
        OnnxImport<float> import = RoundTripTests.Load(ExportTests.File(model, export));
        Assert.Equal(new Sequential(new Dense(4), new Dense(3)), import.Model.Network);
    }

    [Theory]
    [InlineData("deeplearn.specification", "{", "not the JSON that it should be")]
    [InlineData("deeplearn.specification", """{"format":"deeplearn.network","version":9,"network":{"kind":"relu"}}""", "to 2; found 9")]
    [InlineData("deeplearn.specification", """{"format":"deeplearn.network","version":1,"network":{"kind":"relo"}}""", "found \"relo\"")]
    [InlineData("deeplearn.input", "[0]", "expected a shape")]
    [InlineData("deeplearn.input", "3", "expected a shape")]
    [InlineData("deeplearn.order", "both", "deeplearn.order: expected one of channelsLast, planar; found both")]
    [InlineData("deeplearn.ending", "bang", "deeplearn.ending: expected one of none, softmax, logSoftmax, sigmoid; found bang")]
    [InlineData("deeplearn.steps", "normalization bang", "deeplearn.steps: expected some of preprocessing, normalization")]
    [InlineData("deeplearn.card", "[]", "deeplearn.card")]
    public void Damaged_text_is_refused_and_the_graph_is_read_alone_where_that_is_asked_for(string key, string text, string message)
    {
        ModelMessage model = ModelMessage.Read(new MemoryStream(ExportTests.File(Small.Build<float>(new(5, 5, 2), 1), new())));
        model.Texts.Find(entry => entry.Key == key)!.Value = text;
        byte[] file = TestGraph.ToFile(model);
        var exception = Assert.Throws<InvalidDataException>(() => RoundTripTests.Load(file));
        Assert.Contains(message, exception.Message);
        Assert.Contains("GraphAlone", exception.Message);
        Assert.Equal(3, RoundTripTests.Load(file, new() { GraphAlone = true }).Model.OutputShape.Count);
    }

    [Fact]
    public void Text_that_is_missing_beside_the_specification_is_named()
    {
        ModelMessage model = ModelMessage.Read(new MemoryStream(ExportTests.File(Small.Build<float>(new(5, 5, 2), 1), new())));
        model.Texts.RemoveAll(entry => entry.Key == "deeplearn.order");
        Assert.Contains(
            "Expected the text deeplearn.order beside deeplearn.specification",
            Assert.Throws<InvalidDataException>(() => RoundTripTests.Load(TestGraph.ToFile(model))).Message);
    }

    [Fact]
    public void Specification_that_needs_more_than_the_file_holds_reserves_nothing()
    {
        ModelMessage model = ModelMessage.Read(new MemoryStream(ExportTests.File(Small.Build<float>(new(5, 5, 2), 1), new())));
        model.Texts.Find(entry => entry.Key == "deeplearn.specification")!.Value =
            new Sequential(new Dense(int.MaxValue), new BatchNorm(), new Dense(int.MaxValue)).ToJson();
        byte[] file = TestGraph.ToFile(model);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(RoundTripTests.Load(file).Notes, note => note.Contains("numbers; found"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Views_within_views_reserve_no_more_than_the_file_warrants()
    {
        // Eight times ten views: a hundred million times the network.
        Layer network = new Sequential(new GlobalAveragePool(), new Dense(2));
        Model<float> model = network.Build<float>(new(4, 4, 1), 1);
        byte[] file = ExportTests.File(model, new());
        for (int i = 0; i < 8; i++)
            network = new TestTimeAugmentation(network, [.. Enumerable.Range(0, 10).Select(_ => new ImageView { Mirrored = true })]);
        ModelMessage message = ModelMessage.Read(new MemoryStream(file));
        message.Texts.Find(entry => entry.Key == "deeplearn.specification")!.Value = network.ToJson();
        file = TestGraph.ToFile(message);

        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxImport<float> import = RoundTripTests.Load(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 21);
        Assert.Contains(import.Notes, note => note.Contains("nodes; found", StringComparison.Ordinal));
    }

    [Fact]
    public void Key_of_the_library_is_refused_among_ones_own_texts() => Assert.Throws<ArgumentException>(
        () => new OnnxExportOptions { Texts = new Dictionary<string, string> { ["deeplearn.card"] = "" } });

    private static void CheckSame(Model<float> model, OnnxExportOptions options)
    {
        ExportTests.Vary(model);
        OnnxImport<float> import = RoundTripTests.Load(ExportTests.File(model, options));
        Assert.DoesNotContain(import.Notes, note => note.Contains("specification"));
        Assert.Equal(model.Network, import.Model.Network);
        Assert.Equal(model.InputShape, import.Model.InputShape);
        Assert.Equal(model.Sha256(), import.Model.Sha256());
        Assert.Equal((options.Ending ?? OnnxEnding.None, options.OperatorSet), (import.Ending, import.OperatorSet));
    }

    private static NodeMessage Node(string @operator, string input, string output)
    {
        var node = new NodeMessage { Operator = @operator, Name = output };
        node.Inputs.Add(input);
        node.Outputs.Add(output);
        return node;
    }

    private static byte[] Edited(Model<float> model, Action<GraphMessage> edit)
    {
        ModelMessage message = ModelMessage.Read(new MemoryStream(ExportTests.File(model, new())));
        edit(message.Graph!);
        return TestGraph.ToFile(message);
    }
}
