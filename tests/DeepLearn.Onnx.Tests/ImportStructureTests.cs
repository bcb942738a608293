using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Tensors;
using Xunit;
using static DeepLearn.Onnx.Tests.ImportedScores;

namespace DeepLearn.Onnx.Tests;

/// <summary>Branches, shapes that a graph gives late or leaves free, and outputs side by side.</summary>
public class ImportStructureTests
{
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
}
