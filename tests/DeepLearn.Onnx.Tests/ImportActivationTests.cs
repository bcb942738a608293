using DeepLearn.Layers;
using Xunit;
using static DeepLearn.Onnx.Tests.ImportedScores;

namespace DeepLearn.Onnx.Tests;

/// <summary>Activations, by their operators or written out, are recognized; one at the end may be a layer or an ending.</summary>
public class ImportActivationTests
{
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
    public void Sigmoid_at_the_end_is_a_layer_or_an_ending()
    {
        var graph = new TestGraph(0, 3);
        graph.Node("Sigmoid", [graph.Node("Gemm", ["x", graph.Numbers("a", 3, 1)])]);

        var dense = new Dense(1) { HasBiases = false };
        Assert.Equal(new Sequential(dense, new Sigmoid()), graph.Load().Model.Network);
        OnnxImport<float> import = graph.Load(new() { EndsBeforeSigmoid = true });
        Assert.Equal((new Sequential(dense), OnnxEnding.Sigmoid), (import.Model.Network, import.Ending));
    }
}
