using DeepLearn.Onnx.Messages;
using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Tests;

/// <summary>A file that is made by hand, node by node, as an exporter would write it.</summary>
internal sealed class TestGraph
{
    private int _nodes;

    /// <summary>A graph with an input <c>x</c>.</summary>
    /// <param name="input">The extents of the input, the batch first; 0 for a free one.</param>
    public TestGraph(params long[] input)
    {
        Message.FormatVersion = 8;
        Message.ProducerName = "test";
        Message.OperatorSets.Add(new() { Version = 17 });
        var shape = new ShapeMessage();
        foreach (long extent in input)
            shape.Dimensions.Add(new() { Extent = extent == 0 ? null : extent, Name = extent == 0 ? "free" : "" });
        Graph.Inputs.Add(new() { Name = "x", Type = new() { Tensor = new() { Type = ElementType.Float, Shape = shape } } });
    }

    public ModelMessage Message { get; } = new() { Graph = new() { Name = "test" } };

    public GraphMessage Graph => Message.Graph!;

    /// <summary>Adds a tensor of numbers, and returns its name.</summary>
    public string Numbers(string name, long[] extents, params float[] numbers)
    {
        Graph.Initializers.Add(TensorMessage.Of(name, extents, numbers));
        return name;
    }

    /// <summary>Adds a tensor of the numbers 1, 2, 3 and so on, over 10, and returns its name.</summary>
    public string Numbers(string name, params long[] extents) =>
        Numbers(name, extents, [.. Enumerable.Range(1, (int)extents.Aggregate(1L, (a, b) => a * b)).Select(i => i / 10f)]);

    /// <summary>Adds a vector of whole numbers, and returns its name.</summary>
    public string Whole(string name, params long[] numbers)
    {
        Graph.Initializers.Add(TensorMessage.Of(name, [numbers.Length], numbers));
        return name;
    }

    /// <summary>Adds a node, and returns the name of what it writes.</summary>
    public string Node(string @operator, string[] inputs, params AttributeMessage[] attributes)
    {
        var node = new NodeMessage { Operator = @operator, Name = $"{@operator.ToLowerInvariant()}{++_nodes}" };
        node.Inputs.AddRange(inputs);
        node.Outputs.Add($"v{_nodes}");
        node.Attributes.AddRange(attributes);
        Graph.Nodes.Add(node);
        return node.Outputs[0];
    }

    /// <summary>The file, with the last value as its output.</summary>
    /// <param name="output">The name of the output; null for what the last node writes.</param>
    public byte[] ToFile(string? output = null)
    {
        Graph.Outputs.Clear();
        Graph.Outputs.Add(new()
        {
            Name = output ?? Graph.Nodes[^1].Outputs[0],
            Type = new() { Tensor = new() { Type = ElementType.Float } },
        });
        return ToFile(Message);
    }

    /// <summary>The file of a message.</summary>
    public static byte[] ToFile(ModelMessage message)
    {
        using var stream = new MemoryStream();
        WireWriter.Write(message, stream);
        return stream.ToArray();
    }

    /// <summary>What is read of it.</summary>
    public OnnxImport<float> Load(OnnxImportOptions? options = null) => RoundTripTests.Load(ToFile(), options);

    /// <summary>The message with which it is refused.</summary>
    public string Refusal(OnnxImportOptions? options = null) =>
        Xunit.Assert.Throws<OnnxUnsupportedException>(() => Load(options)).Message;
}
