using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Onnx.Messages;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;
using static DeepLearn.Onnx.Tests.ImportedScores;

namespace DeepLearn.Onnx.Tests;

/// <summary>Graphs as exporters write them become the layers that they mean, with ONNX Runtime's scores, and train on.</summary>
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
        using var runtime = new Runtime(ExportTests.File(import.Model, new() { NetworkAlone = true }));
        Assert.InRange(Runtime.Difference(scores.AsSpan(), runtime.Run(examples)), 0, 1e-5);
    }
}
