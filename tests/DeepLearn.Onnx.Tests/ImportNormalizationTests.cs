using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;
using Xunit;
using static DeepLearn.Onnx.Tests.ImportedScores;

namespace DeepLearn.Onnx.Tests;

/// <summary>
/// Numbers before, between and behind layers, and normalizations written out, become weights, normalizing layers or the input's scaling.
/// </summary>
public class ImportNormalizationTests
{
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
}
