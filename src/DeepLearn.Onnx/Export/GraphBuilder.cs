using System.Globalization;
using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Export;

/// <summary>Builds a graph node by node. Every node writes one value, which has the node's name.</summary>
/// <param name="operatorSet">The version of the operators.</param>
internal sealed class GraphBuilder(int operatorSet)
{
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<int, string> _scalars = [];
    private readonly Dictionary<string, TensorMessage> _tensors = [];

    public int OperatorSet { get; } = operatorSet;

    public GraphMessage Graph { get; } = new();

    /// <summary>Adds the input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="extents">The extents of an example.</param>
    /// <param name="channelAxis">
    /// The axis of the channels of an image, counted with the batch, which the file then says; 0 if it is no image.
    /// </param>
    public void Input(string name, ReadOnlySpan<int> extents, int channelAxis)
    {
        ValueMessage value = ValueMessage.Of(Take(name), extents);
        List<DimensionMessage> dimensions = value.Type!.Tensor!.Shape!.Dimensions;
        for (int axis = 0; axis < dimensions.Count && channelAxis > 0; axis++)
            dimensions[axis].Denotation = axis == 0 ? Denotation.Batch : axis == channelAxis ? Denotation.Channel : Denotation.Feature;
        Graph.Inputs.Add(value);
    }

    /// <summary>Adds a node.</summary>
    /// <param name="operator">The operator.</param>
    /// <param name="name">The name of the node, and of what it writes.</param>
    /// <param name="inputs">The names of what it reads.</param>
    /// <param name="extents">The extents of an example of what it writes; null if they are not known.</param>
    /// <param name="attributes">Its options.</param>
    /// <returns>The name of what it writes.</returns>
    public string Node(
        string @operator, string name, ReadOnlySpan<string> inputs, int[]? extents, params ReadOnlySpan<AttributeMessage> attributes)
    {
        var node = new NodeMessage { Operator = @operator, Name = Take(name) };
        foreach (string input in inputs)
            node.Inputs.Add(input);
        node.Outputs.Add(name);
        foreach (AttributeMessage attribute in attributes)
            node.Attributes.Add(attribute);
        Graph.Nodes.Add(node);
        if (extents is not null)
            Graph.Values.Add(ValueMessage.Of(name, extents));
        return name;
    }

    /// <summary>Adds numbers; those that a network has which is there several times are in the file once.</summary>
    public string Floats(string name, ReadOnlySpan<long> extents, ReadOnlySpan<float> numbers) =>
        Initializer(name, TensorMessage.Of(name, extents, numbers));

    /// <summary>Adds a vector of whole numbers, likewise.</summary>
    public string Integers(string name, ReadOnlySpan<long> numbers) =>
        Initializer(name, TensorMessage.Of(name, [numbers.Length], numbers));

    /// <summary>Adds one number, which is in the file once, however often it is used.</summary>
    public string Scalar(float number)
    {
        int bits = BitConverter.SingleToInt32Bits(number);
        if (!_scalars.TryGetValue(bits, out string? name))
        {
            name = Floats(string.Create(CultureInfo.InvariantCulture, $"constant/{number}"), [], [number]);
            _scalars.Add(bits, name);
        }
        return name;
    }

    /// <summary>Makes a value the output: the node that writes it gets the output's name.</summary>
    public void Output(string value, string name, ReadOnlySpan<int> extents)
    {
        Take(name);
        foreach (NodeMessage node in Graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                node.Inputs[i] = node.Inputs[i] == value ? name : node.Inputs[i];
            for (int i = 0; i < node.Outputs.Count; i++)
                node.Outputs[i] = node.Outputs[i] == value ? name : node.Outputs[i];
        }
        Graph.Values.RemoveAll(known => known.Name == value);
        Graph.Outputs.Add(ValueMessage.Of(name, extents));
    }

    private string Initializer(string name, TensorMessage tensor)
    {
        if (_tensors.TryGetValue(name, out TensorMessage? known) && known.Type == tensor.Type && known.Extents.Equals(tensor.Extents)
            && known.Raw.Span.SequenceEqual(tensor.Raw.Span))
        {
            return name;
        }
        Take(name);
        _tensors.Add(name, tensor);
        Graph.Initializers.Add(tensor);
        return name;
    }

    private string Take(string name) =>
        _names.Add(name) ? name : throw new ArgumentException($"Everything in a graph has a name of its own; found two of {name}.");
}
