using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Onnx.Messages;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>What has no counterpart is refused, and named: the node, its operator, what was expected and what was found.</summary>
public class RefusalTests
{
    public static TheoryData<string> Rows => [.. Graphs.Keys];

    private static readonly Dictionary<string, (Action<TestGraph> Make, string Expected)> Graphs = new()
    {
        ["operator"] = (g => g.Node("LSTM", ["x"]), "'lstm1' (LSTM): the operator has no counterpart"),
        ["attribute"] = (g => g.Node("Relu", ["x"], AttributeMessage.Of("strange", 1)), "'relu1' (Relu): attribute strange"),
        ["kind of attribute"] = (
            g => g.Node("LeakyRelu", ["x"], AttributeMessage.Of("alpha", 1)), "alpha to be of kind Float; found Integer"),
        ["one-dimensional"] = (g => g.Node("Conv", ["x", g.Numbers("k", 2, 3, 3)]), "over two axes"),
        ["channels"] = (g => g.Node("Conv", ["x", g.Numbers("k", 2, 4, 3, 3)]), "for 3 channels in 1 groups; found [2, 4, 3, 3]"),
        ["kernel"] = (g => g.Node("Conv", ["x", g.Numbers("k", 2, 3, 9, 9)]), "'conv1' (Conv): Layer Convolution2D"),
        ["weights that are computed"] = (g => g.Node("Conv", ["x", "x"]), "weights, input 2, to stand fixed; found [batch, 3, 8, 8]"),
        ["asymmetric"] = (
            g => g.Node("Conv", ["x", g.Numbers("k", 2, 3, 3, 3)], AttributeMessage.Of("pads", [1L, 0, 0, 0])), "[1, 0, 0, 0]"),
        ["lower"] = (
            g => g.Node("Conv", ["x", g.Numbers("k", 2, 3, 2, 2)], AttributeMessage.Of("auto_pad", "SAME_LOWER")), "[1, 1, 0, 0]"),
        ["ceiling"] = (
            g => g.Node(
                "AveragePool", ["x"], AttributeMessage.Of("kernel_shape", [3L, 3]), AttributeMessage.Of("strides", [2L, 2]),
                AttributeMessage.Of("ceil_mode", 1), AttributeMessage.Of("count_include_pad", 1)), "ceil_mode"),
        ["dilated pool"] = (
            g => g.Node(
                "MaxPool", ["x"], AttributeMessage.Of("kernel_shape", [3L, 3]), AttributeMessage.Of("dilations", [2L, 2])), "dilations"),
        ["affine alone"] = (
            g => g.Node("Mul", [g.Node("Relu", ["x"]), g.Numbers("s", 3, 8, 8)]), "no layer that scales and shifts each feature"),
        ["product"] = (
            g => g.Node("Mul", [Conv(g, "a"), Conv(g, "b")]), "a Mul of two values that depend on the examples"),
        ["difference"] = (g => g.Node("Sub", [Conv(g, "a"), Conv(g, "b")]), "a Sub of two values"),
        ["activation"] = (g => g.Node("HardSwish", ["x"]), "'hardswish1' (HardSwish): no layer of the library computes this function"),
        ["ReLU6"] = (g => g.Node("Clip", ["x", g.Numbers("a", [], 0), g.Numbers("b", [], 6)]), "no layer of the library computes"),
        ["bound far out"] = (
            g => g.Node("Clip", ["x", g.Numbers("a", [], 0), g.Numbers("b", [], 255)]), "no layer of the library computes"),
        ["threshold near 0"] = (
            g => g.Node("ThresholdedRelu", ["x"], AttributeMessage.Of("alpha", 0.009f)), "no layer of the library computes"),
        ["normalization by 0"] = (
            g => g.Node("Relu", [g.Node("Div", ["x", g.Numbers("s", [], 0)])]), "divides by what is above 0"),
        ["normalization by no number"] = (
            g => g.Node("Relu", [g.Node("Add", ["x", g.Numbers("s", [], float.NaN)])]), "by finite numbers"),
        ["softmax within"] = (g => g.Node("Gemm", [g.Node("Softmax", [g.Node("Flatten", ["x"])]), g.Numbers("w", 192, 2)]), "at the end"),
        ["softmax of channels"] = (g => g.Node("Softmax", ["x"], AttributeMessage.Of("axis", 1)), "over all outputs of an example"),
        ["shape"] = (g => g.Node("Reshape", [Conv(g, "a"), g.Whole("s", -1, 3, 4, 16)]), "no layer of the library makes an image"),
        ["batch in the shape"] = (g => g.Node("Reshape", ["x", g.Whole("s", 192, -1)]), "192 numbers for each example"),
        ["axes"] = (g => g.Node("Transpose", ["x"], AttributeMessage.Of("perm", [0L, 2, 1, 3])), "[0, 2, 1, 3]"),
        ["concatenation"] = (g => g.Node("Concat", ["x", "x"], AttributeMessage.Of("axis", 1)), "side by side"),
        ["instance norm"] = (
            g => g.Node("InstanceNormalization", ["x", g.Numbers("s", 3), g.Numbers("t", 3)]), "(InstanceNormalization)"),
        ["training"] = (
            g => g.Node(
                "BatchNormalization", ["x", g.Numbers("s", 3), g.Numbers("t", 3), g.Numbers("m", 3), g.Numbers("v", 3)],
                AttributeMessage.Of("training_mode", 1)), "training_mode 0"),
        ["two ways"] = (
            g =>
            {
                string shared = Conv(g, "a");
                string one = g.Node("Relu", [shared]), two = g.Node("Tanh", ["x"]);
                string sum = g.Node("Add", [Conv(g, "b", one), Conv(g, "c", two)]);
                g.Node("Add", [sum, Conv(g, "d", shared)]);
            }, "do not meet in one residual"),
        ["negative factor of the input"] = (g => g.Node("Relu", [g.Node("Mul", ["x", g.Numbers("s", [], -1)])]), "above 0"),
        ["foreign domain"] = (
            g =>
            {
                g.Node("FusedConv", ["x"]);
                g.Graph.Nodes[^1].Domain = "com.microsoft";
            }, "com.microsoft"),
        ["training of operator set 6"] = (
            g =>
            {
                g.Message.OperatorSets[0].Version = 6;
                g.Node("Dropout", ["x"], AttributeMessage.Of("ratio", 0.5f));
            }, "is_test 1; found training"),
        ["operators of another domain alone"] = (
            g =>
            {
                g.Message.OperatorSets[0].Domain = "ai.onnx.preview.training";
                g.Node("Adam", ["x"]);
            }, "Expected operators of ONNX's own; found those of ai.onnx.preview.training alone."),
        ["operator set"] = (
            g =>
            {
                g.Message.OperatorSets[0].Version = 5;
                g.Node("Relu", ["x"]);
            }, "found 5"),
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Unsupported_graph_is_refused_by_name(string name)
    {
        var graph = new TestGraph(0, 3, 8, 8);
        Graphs[name].Make(graph);
        Assert.Contains(Graphs[name].Expected, graph.Refusal());
    }

    [Fact]
    public void Padded_image_that_is_too_wide_is_refused()
    {
        var graph = new TestGraph(0, 1, 1, int.MaxValue);
        string padded = graph.Node("Pad", ["x"], AttributeMessage.Of("pads", [0L, 0, 0, 1, 0, 0, 0, 1]));
        graph.Node("Conv", [padded, graph.Numbers("k", 1, 1, 1, 1)]);
        Assert.Contains("found 2147483649", graph.Refusal());
    }

    [Fact]
    public void Exception_names_node_and_operator()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("LSTM", ["x"]);
        var exception = Assert.Throws<OnnxUnsupportedException>(() => graph.Load());
        Assert.Equal(("lstm1", "LSTM"), (exception.Node, exception.Operator));
    }

    [Fact]
    public void File_that_is_no_ONNX_file_is_damaged()
    {
        string path = Path.GetTempFileName();
        try
        {
            foreach (byte[] bytes in new byte[][] { [], [1, 2, 3], "PK\u0003\u0004 and so on"u8.ToArray(), new byte[100] })
            {
                File.WriteAllBytes(path, bytes);
                var exception = Assert.Throws<InvalidDataException>(() => OnnxModel.Load<float>(path));
                Assert.StartsWith(path, exception.Message);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Tensor_that_has_other_numbers_than_its_extents_say_is_damaged()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("Gemm", ["x", graph.Numbers("w", [3, 2], 1, 2, 3)]);
        var exception = Assert.Throws<InvalidDataException>(() => graph.Load());
        Assert.Contains("'w' is [3, 2]; found 3 elements", exception.Message);
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_damaged_and_its_place_is_named()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("Relu", ["x"]);
        byte[] file = graph.ToFile();
        file[file.AsSpan().IndexOf("relu1"u8)] = 0xFF;
        var exception = Assert.Throws<InvalidDataException>(() => RoundTripTests.Load(file));
        Assert.Matches("Damaged at byte [0-9]+, in a node, field 3: expected a text in UTF-8", exception.Message);
    }

    [Fact]
    public void File_that_is_cut_short_is_damaged_and_its_place_is_named()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("Relu", ["x"]);
        byte[] file = graph.ToFile();
        for (int length = 1; length < file.Length; length++)
        {
            var exception = Assert.Throws<InvalidDataException>(() => RoundTripTests.Load(file[..length]));
            Assert.StartsWith("The stream: ", exception.Message);
        }
        Assert.Contains(
            "Damaged at byte 20, in a node, field 3", Assert.Throws<InvalidDataException>(() => RoundTripTests.Load(file[..20])).Message);
    }

    [Fact]
    public void File_of_the_other_format_is_named_with_what_reads_it()
    {
        Model<float> model = new Dense(2).Build<float>(3, 1);
        string onnx = Path.GetTempFileName(), safetensors = Path.GetTempFileName();
        try
        {
            model.SaveOnnx(onnx);
            model.Save(safetensors);
            string message = Assert.Throws<InvalidDataException>(() => OnnxModel.Load<float>(safetensors)).Message;
            Assert.Equal(
                $"{safetensors} is no ONNX file, but one in the format safetensors, as model.Save writes: Model.Load<float>(path) reads "
                + "it.",
                message);
            Assert.Contains(
                "looks like an ONNX file, which OnnxModel.Load of the package DeepLearn.Onnx reads",
                Assert.Throws<InvalidDataException>(() => Model.Load<float>(onnx)).Message);
        }
        finally
        {
            File.Delete(onnx);
            File.Delete(safetensors);
        }
    }

    private static string Conv(TestGraph graph, string name, string input = "x") =>
        graph.Node("Conv", [input, graph.Numbers(name, 3, 3, 1, 1)]);
}
