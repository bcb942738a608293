using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Onnx.Messages;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>Graphs as exporters write them become the layers that they mean, with ONNX Runtime's scores.</summary>
public class ImportTests
{
    [Fact]
    public void Graph_as_Keras_writes_it_becomes_a_channels_last_network()
    {
        var graph = new TestGraph(0, 6, 6, 3);
        string planar = graph.Node("Transpose", ["x"], AttributeMessage.Of("perm", [0L, 3, 1, 2]));
        string convolved = graph.Node(
            "Conv", [planar, graph.Numbers("kernel", 4, 3, 3, 3)], AttributeMessage.Of("auto_pad", "SAME_UPPER"),
            AttributeMessage.Of("strides", [2L, 2]));
        string biased = graph.Node("Add", [convolved, graph.Numbers("bias", 1, 4, 1, 1)]);
        string pooled = graph.Node(
            "MaxPool", [graph.Node("Relu", [biased])], AttributeMessage.Of("kernel_shape", [2L, 2]),
            AttributeMessage.Of("pads", [0L, 0, 1, 1]),
            AttributeMessage.Of("strides", [2L, 2]));
        string last = graph.Node("Transpose", [pooled], AttributeMessage.Of("perm", [0L, 2, 3, 1]));
        string flat = graph.Node("Reshape", [last, graph.Whole("flat", -1, 16)]);
        string scores = graph.Node("Add", [graph.Node("MatMul", [flat, graph.Numbers("weights", 16, 3)]), graph.Numbers("more", 3)]);
        graph.Node("Softmax", [scores]);

        OnnxImport<float> import = Check(graph, PixelOrder.ChannelsLast);

        Assert.Equal(
            new Sequential(
                new Convolution2D(4, 3) { Stride = 2, Padding = Padding2D.Same }, new Relu(), new MaxPool(2) { Padding = Padding2D.Same },
                new Flatten(), new Dense(3)),
            import.Model.Network);
        Assert.Equal(OnnxEnding.Softmax, import.Ending);
        Assert.Contains(import.Notes, note => note.Contains("softmax", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Graph_as_scikit_learn_writes_it_is_read_up_to_the_named_output()
    {
        var graph = new TestGraph(0, 4);
        string cast = graph.Node("Cast", ["x"], AttributeMessage.Of("to", 1));
        string hidden = graph.Node("Add", [graph.Node("MatMul", [cast, graph.Numbers("w", 4, 5)]), graph.Numbers("b", 1, 5)]);
        string scores = graph.Node("MatMul", [graph.Node("Tanh", [hidden]), graph.Numbers("w2", 5, 3)]);
        string probabilities = graph.Node("Softmax", [graph.Node("Add", [scores, graph.Numbers("b2", 1, 3)])]);
        graph.Node("ArgMax", [probabilities]);

        Assert.Contains("ArgMax", graph.Refusal());
        OnnxImport<float> import = graph.Load(new() { Output = probabilities });
        Assert.Equal(new Sequential(new Dense(5), new Tanh(), new Dense(3)), import.Model.Network);
        Assert.Equal((OnnxEnding.Softmax, probabilities), (import.Ending, import.OutputName));
    }

    [Theory]
    [InlineData("Relu", "Relu")]
    [InlineData("Clip 0", "Relu")]
    [InlineData("Max by Abs", "Relu")]
    [InlineData("Sigmoid", "Sigmoid")]
    [InlineData("1 / (1 + e^-x)", "Sigmoid")]
    [InlineData("x sigmoid(x)", "Silu")]
    [InlineData("log(1 + e^x)", "Softplus")]
    [InlineData("gelu 1", "Gelu")]
    [InlineData("gelu 2", "Gelu")]
    [InlineData("tanh gelu", "Gelu")]
    [InlineData("PRelu", "LeakyRelu")]
    [InlineData("Elu", "Elu")]
    [InlineData("Celu", "Elu")]
    public void Activation_however_written_is_recognized(string written, string expected)
    {
        var graph = new TestGraph(0, 3);
        string x = graph.Node("Gemm", ["x", graph.Numbers("w", 3, 3)]);
        string Constant(float number) => graph.Numbers($"c{graph.Graph.Initializers.Count}", [], number);
        string Of(string op, params string[] inputs) => graph.Node(op, inputs);
        _ = written switch
        {
            "Clip 0" => Of("Clip", x, Constant(0)),
            "Max by Abs" => Of("Mul", Of("Add", x, Of("Abs", x)), Constant(0.5f)),
            "1 / (1 + e^-x)" => Of("Div", Constant(1), Of("Add", Constant(1), Of("Exp", Of("Neg", x)))),
            "x sigmoid(x)" => Of("Mul", x, Of("Sigmoid", x)),
            "log(1 + e^x)" => Of("Log", Of("Add", Of("Exp", x), Constant(1))),
            "gelu 1" => Of("Mul", Of("Mul", x, Of("Add", Of("Erf", Of("Div", x, Constant(1.4142135f))), Constant(1))), Constant(0.5f)),
            "gelu 2" => Of("Mul", Of("Mul", Constant(0.5f), x), Of("Add", Constant(1), Of("Erf", Of("Mul", x, Constant(0.70710677f))))),
            "tanh gelu" => Of("Mul", x, Of("Mul", Constant(0.5f), Of("Add", Constant(1), Of("Tanh", Of("Mul", Constant(0.7978846f), Of(
                "Add", x, Of("Mul", Constant(0.044715f), Of("Pow", x, Constant(3))))))))),
            "PRelu" => Of("PRelu", x, Constant(0.25f)),
            _ => Of(written, x),
        };

        Layer layer = Assert.IsType<Sequential>(Check(graph).Model.Network).Layers[^1];
        Assert.Equal(expected, layer.GetType().Name);
        Assert.Equal(written == "tanh gelu", layer is Gelu { Form: GeluForm.Tanh });
    }

    [Fact]
    public void Numbers_around_layers_are_fused_into_their_weights()
    {
        var graph = new TestGraph(0, 2, 4, 4);
        string convolved = graph.Node("Conv", ["x", graph.Numbers("k", 3, 2, 2, 2)]);
        string scaled = graph.Node("Mul", [convolved, graph.Numbers("s", 3, 1, 1)]);
        string shifted = graph.Node("Sub", [graph.Node("Div", [scaled, graph.Numbers("d", [], 3)]), graph.Numbers("t", 1, 3, 1, 1)]);
        string flat = graph.Node("Flatten", [graph.Node("Relu", [shifted])]);
        string dense = graph.Node("Gemm", [flat, graph.Numbers("w", 2, 27), graph.Numbers("b", 2)], AttributeMessage.Of("transB", 1));
        graph.Node("Mul", [graph.Numbers("e", 1, 2), dense]);

        Assert.Equal(
            new Sequential(new Convolution2D(3, 2), new Relu(), new Flatten(), new Dense(2)),
            Check(graph, PixelOrder.Planar).Model.Network);
    }

    /// <summary>A batch normalization that its exporter folded into numbers, behind what cannot take them in.</summary>
    [Theory]
    [InlineData("Mul Add", PixelOrder.Planar)]
    [InlineData("Sub Mul Add", PixelOrder.Planar)]
    [InlineData("Sub Div Mul Add", PixelOrder.ChannelsLast)]
    [InlineData("Mul Sub", PixelOrder.ChannelsLast)]
    public void Scale_and_shift_behind_an_activation_are_a_batch_normalization(string operators, PixelOrder order)
    {
        bool isPlanar = order == PixelOrder.Planar;
        var graph = new TestGraph(isPlanar ? [0, 2, 4, 4] : [0, 4, 4, 2]);
        string x = isPlanar ? "x" : graph.Node("Transpose", ["x"], AttributeMessage.Of("perm", [0L, 3, 1, 2]));
        x = graph.Node("Relu", [graph.Node("Conv", [x, graph.Numbers("k", [3, 2, 1, 1], 1, -2, 3, 0.5f, -1, 2)])]);
        if (!isPlanar)
            x = graph.Node("Transpose", [x], AttributeMessage.Of("perm", [0L, 2, 3, 1]));
        foreach (string @operator in operators.Split(' '))
            x = graph.Node(@operator, [x, graph.Numbers($"n{graph.Graph.Nodes.Count}", isPlanar ? [1, 3, 1, 1] : [3], 2, -3, 0.5f)]);
        x = graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]);
        graph.Node("Gemm", [graph.Node("Flatten", [x]), graph.Numbers("w", 48, 2)]);

        OnnxImport<float> import = Check(graph, order);
        Assert.Equal(
            new Sequential(
                new Convolution2D(3, 1) { HasBiases = false }, new Relu(), new BatchNorm(), new Silu(), new Flatten(),
                new Dense(2) { HasBiases = false }),
            import.Model.Network);
        Assert.Contains(import.Notes, note => note.Contains("batch normalization", StringComparison.Ordinal));
        Matrix<float> mean = import.Model.Buffers.Single(buffer => buffer.Name.EndsWith("mean", StringComparison.Ordinal)).Value;
        Assert.Equal(operators.StartsWith("Sub", StringComparison.Ordinal) ? [2, -3, 0.5f] : new float[3], mean.AsSpan().ToArray());
    }

    [Fact]
    public void Scale_and_shift_behind_a_written_out_activation_leave_it_whole()
    {
        var graph = new TestGraph(0, 3);
        string x = graph.Node("Gemm", ["x", graph.Numbers("w", 3, 3)]);
        string erf = graph.Node("Erf", [graph.Node("Div", [x, graph.Numbers("r", [], 1.4142135f)])]);
        x = graph.Node("Mul", [x, graph.Node("Add", [erf, graph.Numbers("one", [], 1)])]);
        x = graph.Node("Mul", [x, graph.Numbers("half", [], 0.5f)]);
        x = graph.Node("Mul", [graph.Node("Sub", [x, graph.Numbers("mean", 3)]), graph.Numbers("scale", 3)]);
        x = graph.Node("Mul", [x, graph.Numbers("two", [], 2)]);
        graph.Node("Gemm", [x, graph.Numbers("v", 3, 2)]);

        Assert.Equal(
            new Sequential(new Dense(3) { HasBiases = false }, new Gelu(), new BatchNorm(), new Dense(2) { HasBiases = false }),
            Check(graph).Model.Network);
    }

    [Theory]
    [InlineData("x s / d + (b - m s / d)", "mean of squares")]
    [InlineData("x s / d - m s / d, + b", "squares")]
    [InlineData("(x - m) / d, s, b", "mean of squares")]
    [InlineData("(x - m) s / d, b", "power")]
    [InlineData("x s / d + (-m s / d + b)", "power")]
    public void Layer_normalization_however_written_is_recognized(string written, string variance)
    {
        var graph = new TestGraph(0, 5);
        string Of(string op, params string[] inputs) => graph.Node(op, inputs);
        string MeanOf(string value) => graph.Node("ReduceMean", [value], AttributeMessage.Of("axes", [-1L]));
        string Number(float number) => graph.Numbers($"c{graph.Graph.Initializers.Count}", [], number);
        string w = graph.Numbers("w", [5, 5], [.. Enumerable.Range(0, 25).Select(i => i * 7 % 11 / 5f)]);
        string x = Of("Gemm", "x", w, graph.Numbers("v", 5));
        string m = MeanOf(x), centered = Of("Sub", x, m);
        string spread = variance switch
        {
            "squares" => MeanOf(Of("Mul", centered, centered)),
            "power" => Of("Sub", MeanOf(Of("Pow", x, Number(2))), Of("Pow", m, Number(2))),
            _ => Of("Sub", MeanOf(Of("Mul", x, x)), Of("Mul", m, m)),
        };
        string d = Of("Sqrt", Of("Add", spread, Number(0.25f)));
        string s = graph.Numbers("s", 5), b = graph.Numbers("b", [5], 3, -1, 2, 0, 1);
        string Scaled() => Of("Mul", Of("Reciprocal", d), s);
        _ = written switch
        {
            "x s / d + (b - m s / d)" => Scaled() is var scaled ? Of("Add", Of("Mul", x, scaled), Of("Sub", b, Of("Mul", m, scaled))) : "",
            "x s / d - m s / d, + b" => Of("Div", Number(1), d) is var inverse
                ? Of("Add", Of("Sub", Of("Mul", inverse, x), Of("Mul", inverse, m)), b) : "",
            "(x - m) / d, s, b" => Of("Add", Of("Mul", Of("Div", centered, d), s), b),
            "(x - m) s / d, b" => Of("Add", Of("Mul", centered, Scaled()), b),
            _ => Scaled() is var scaled ? Of("Add", Of("Add", Of("Mul", Of("Neg", m), scaled), b), Of("Mul", scaled, x)) : "",
        };

        Assert.Equal(new Sequential(new Dense(5), new LayerNorm { Epsilon = 0.25 }), Check(graph).Model.Network);
    }

    [Fact]
    public void Numbers_around_the_input_become_its_normalization()
    {
        var graph = new TestGraph(0, 3, 2, 2);
        string centered = graph.Node("Sub", ["x", graph.Numbers("mean", 1, 3, 1, 1)]);
        string scaled = graph.Node("Div", [centered, graph.Numbers("std", [3, 1, 1], 2, 4, 5)]);
        graph.Node("Flatten", [graph.Node("Conv", [scaled, graph.Numbers("k", 2, 3, 1, 1)])]);

        OnnxImport<float> import = graph.Load();
        Normalization normalization = Assert.IsType<Normalization>(import.Normalization);
        Assert.Equal([.. Enumerable.Repeat(new double[] { 0.1f, 0.2f, 0.3f }, 4).SelectMany(n => n)], normalization.Mean);
        Assert.Equal([.. Enumerable.Repeat(new double[] { 2, 4, 5 }, 4).SelectMany(n => n)], normalization.StandardDeviation);
    }

    [Fact]
    public void Value_that_is_added_to_itself_is_a_residual_around_nothing()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("Add", ["x", "x"]);
        Assert.Equal(new Sequential(new Residual(new Dropout(0))), Check(graph).Model.Network);
    }

    [Fact]
    public void Vector_that_becomes_an_image_at_the_front_is_an_image()
    {
        var graph = new TestGraph(0, 32);
        string image = graph.Node("Reshape", ["x", graph.Whole("s", -1, 2, 4, 4)]);
        graph.Node("Flatten", [graph.Node("Conv", [image, graph.Numbers("k", 3, 2, 4, 4)])]);

        Assert.Equal(new Shape(4, 4, 2), Check(graph, PixelOrder.Planar).Model.InputShape);
    }

    [Fact]
    public void Outputs_side_by_side_may_be_an_ensembles()
    {
        var graph = new TestGraph(0, 3);
        string one = graph.Node("Softmax", [graph.Node("Gemm", ["x", graph.Numbers("a", 3, 2)])]);
        string two = graph.Node("Softmax", [graph.Node("Gemm", ["x", graph.Numbers("b", [3, 2], 1, -1, 2, 0, 1, 3)])]);
        graph.Node("Mean", [one, two]);

        OnnxImport<float> import = Check(graph);
        var member = new Dense(2) { HasBiases = false };
        Assert.Equal(new Sequential(new Ensemble(EnsembleCombination.Average, member, member)), import.Model.Network);
        Assert.Equal(OnnxEnding.Softmax, import.Ending);
    }

    [Fact]
    public void Shapes_that_the_file_leaves_free_are_given()
    {
        var graph = new TestGraph(0, 3, 0, 0);
        graph.Node("GlobalAveragePool", [graph.Node("Conv", ["x", graph.Numbers("k", 2, 3, 3, 3)])]);

        Assert.Contains("InputShape", graph.Refusal());
        Assert.Contains("[8, 9, 4]", graph.Refusal(new() { InputShape = new(8, 9, 4) }));
        Assert.Equal(new Shape(8, 9, 3), graph.Load(new() { InputShape = new(8, 9, 3) }).Model.InputShape);
    }

    [Fact]
    public void Sigmoid_at_the_end_is_a_layer_or_an_ending()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("Sigmoid", [graph.Node("Gemm", ["x", graph.Numbers("a", 3, 1)])]);

        var dense = new Dense(1) { HasBiases = false };
        Assert.Equal(new Sequential(dense, new Sigmoid()), graph.Load().Model.Network);
        OnnxImport<float> import = graph.Load(new() { EndsBeforeSigmoid = true });
        Assert.Equal((new Sequential(dense), OnnxEnding.Sigmoid), (import.Model.Network, import.Ending));
    }

    [Fact]
    public void Weights_in_a_file_beside_are_read_from_the_folder_and_no_other()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var graph = new TestGraph(0, 2);
            graph.Node("Gemm", ["x", graph.Numbers("w", [2, 1], 5, 7)]);
            byte[] whole = graph.ToFile();
            File.WriteAllBytes(Path.Combine(folder, "w.bin"), [0, 0, .. graph.Graph.Initializers[0].Raw.Span]);

            OnnxImport<float> Load(params (string Key, string Value)[] place)
            {
                ModelMessage message = ModelMessage.Read(new MemoryStream(whole));
                byte[] tensor = ExternalTensor(place);
                string path = Path.Combine(folder, "model.onnx");
                File.WriteAllBytes(path, WithInitializer(message, tensor));
                return OnnxModel.Load<float>(path);
            }

            Assert.Equal([5f, 7f], Load(("location", "w.bin"), ("offset", "2"), ("length", "8")).Model.Parameters[0].Value.AsSpan());
            Assert.Equal([5f, 7f], Load(("location", "w.bin"), ("offset", "2")).Model.Parameters[0].Value.AsSpan());
            foreach (string location in new[] { "../w.bin", "/etc/passwd", Path.Combine(folder, "w.bin"), "none.bin", "", "a/../../w.bin" })
                Assert.Throws<InvalidDataException>(() => Load(("location", location)));
            Assert.Throws<InvalidDataException>(() => Load(("location", "w.bin"), ("offset", "4"), ("length", "8")));
            Assert.Throws<InvalidDataException>(() => Load(("location", "w.bin"), ("offset", "-1")));
            Assert.Throws<InvalidDataException>(() => Load(("offset", "2")));
            using FileStream stream = File.OpenRead(Path.Combine(folder, "model.onnx"));
            Assert.Throws<OnnxUnsupportedException>(() => OnnxModel.Load<float>(stream));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Weights_of_64_bits_are_held_by_double_and_rounded_only_if_they_may_be()
    {
        var graph = new TestGraph(0, 2);
        graph.Node("Gemm", ["x", "w"]);
        byte[] bytes = [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(2.0)];
        var tensor = new TensorMessage { Name = "w", Type = ElementType.Double, Raw = bytes };
        tensor.Extents.AddRange([2L, 1]);
        graph.Graph.Initializers.Add(tensor);

        Assert.Contains("MayRound", graph.Refusal());
        Assert.Equal([0.1f, 2f], graph.Load(new() { MayRound = true }).Model.Parameters[0].Value.AsSpan());
        Assert.Equal([0.1, 2.0], OnnxModel.Load<double>(new MemoryStream(graph.ToFile())).Model.Parameters[0].Value.AsSpan());
    }

    [Fact]
    public void Imported_network_trains_on()
    {
        OnnxImport<float> import = OnnxModel.Load<float>(Path.Combine(AppContext.BaseDirectory, "Files", "cnn.onnx"));
        Matrix<float> examples = ExportTests.Random(32, import.Model.InputShape.Count, 1);
        int[] labels = [.. Enumerable.Range(0, 32).Select(row => 1 + (row % 2))];
        for (int row = 0; row < 32; row += 2)
        {
            foreach (ref float pixel in examples.Row(row))
                pixel *= 0.2f;
        }
        var training = new DenseDataset<float>(examples, labels, null, new(import.Model.InputShape) { Classes = 4 });
        var plan = new TrainingPlan
        {
            Optimizer = new Adam(),
            Schedule = new ConstantSchedule(0.01),
            Length = TrainingLength.Epochs(30),
            BatchSize = 16,
        };
        using var trainer = new Trainer<float>(import.Model, plan, training, training);

        TrainingResult result = trainer.Run();

        Assert.True(result.Curve[^1].Validation!.Accuracy > 0.9, $"{result.Curve[^1].Validation}");
        Matrix<float> scores = import.Model.Predict(examples);
        using var runtime = new Runtime(ExportTests.File(import.Model, new()));
        Assert.InRange(Runtime.Difference(scores.AsSpan(), runtime.Run(examples)), 0, 1e-5);
    }

    /// <summary>The scores are ONNX Runtime's.</summary>
    private static OnnxImport<float> Check(TestGraph graph, PixelOrder order = PixelOrder.ChannelsLast)
    {
        byte[] file = graph.ToFile();
        OnnxImport<float> import = RoundTripTests.Load(file);
        Assert.Equal(order, import.InputOrder);
        Matrix<float> examples = ExportTests.Random(3, import.Model.InputShape.Count, 2);
        foreach (ref float number in examples.AsSpan())
            number -= 1;
        Matrix<float> scores = import.Model.Predict(examples);
        for (int row = 0; row < 3 && import.Ending == OnnxEnding.Softmax; row++)
        {
            double sum = scores.Row(row).ToArray().Sum(score => Math.Exp(score));
            foreach (ref float score in scores.Row(row))
                score = (float)(Math.Exp(score) / sum);
        }
        using var runtime = new Runtime(file);
        float[] found = runtime.Run(order == PixelOrder.Planar ? Images.ToPlanar(examples, import.Model.InputShape) : examples);
        Assert.InRange(Runtime.Difference(scores.AsSpan(), found), 0, 1e-5);
        return import;
    }

    private static byte[] ExternalTensor((string Key, string Value)[] place)
    {
        // Our own writer writes no such tensors: by bytes. Extents 2 and 1, type 1, name, entries, place 1.
        var bytes = new List<byte> { 0x08, 2, 0x08, 1, 0x10, 1, 0x42, 1, (byte)'w' };
        foreach ((string key, string value) in place)
        {
            byte[] k = System.Text.Encoding.UTF8.GetBytes(key), v = System.Text.Encoding.UTF8.GetBytes(value);
            bytes.AddRange([0x6A, (byte)(k.Length + v.Length + 4), 0x0A, (byte)k.Length, .. k, 0x12, (byte)v.Length, .. v]);
        }
        return [.. bytes, 0x70, 1];
    }

    private static byte[] WithInitializer(ModelMessage message, byte[] tensor)
    {
        message.Graph!.Initializers.Clear();
        using var stream = new MemoryStream();
        Wire.WireWriter.Write(message, stream);
        byte[] file = stream.ToArray();

        // A message's fields may stand in any order: the tensor goes to the end of the graph.
        byte[] graph = [0x2A, (byte)tensor.Length, .. tensor];
        int place = FindGraph(file, out int length, out int lengthBytes);
        int total = length + graph.Length;
        byte[] varint = total < 128 ? [(byte)total] : [(byte)(total | 0x80), (byte)(total >> 7)];
        int end = place + lengthBytes + length;
        return [.. file[..place], .. varint, .. file[(place + lengthBytes)..end], .. graph, .. file[end..]];
    }

    private static int FindGraph(byte[] file, out int length, out int lengthBytes)
    {
        for (int i = 0; ;)
        {
            int tag = file[i++];
            int value = file[i], bytes = 1;
            if (value >= 0x80)
            {
                value = (value & 0x7F) | (file[i + 1] << 7);
                bytes = 2;
            }
            if (tag == 0x3A)
            {
                (length, lengthBytes) = (value, bytes);
                return i;
            }
            i += bytes + ((tag & 7) == 2 ? value : 0);
        }
    }
}
