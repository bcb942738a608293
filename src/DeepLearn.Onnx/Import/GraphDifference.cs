using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Import;

/// <summary>Finds in what the graph of a file is another than the one that its specification is exported to.</summary>
internal static class GraphDifference
{
    /// <summary>The first difference in what the two compute, weights apart; null where there is none.</summary>
    /// <param name="expected">The graph of the specification.</param>
    /// <param name="found">The graph of the file.</param>
    public static string? Describe(GraphMessage expected, GraphMessage found)
    {
        if (expected.Nodes.Count != found.Nodes.Count)
            return $"expected {expected.Nodes.Count} nodes; found {found.Nodes.Count}";
        for (int i = 0; i < expected.Nodes.Count; i++)
        {
            if (OfNodes(expected.Nodes[i], found.Nodes[i]) is { } difference)
                return difference;
        }
        if (expected.Initializers.Count != found.Initializers.Count || found.SparseInitializers > 0)
            return $"expected {expected.Initializers.Count} tensors; found {found.Initializers.Count + found.SparseInitializers}";
        for (int i = 0; i < expected.Initializers.Count; i++)
        {
            (TensorMessage one, TensorMessage other) = (expected.Initializers[i], found.Initializers[i]);
            if (one.Name != other.Name || one.Type != other.Type || !one.Extents.Equals(other.Extents))
                return $"expected the tensor {Text(one)}; found {Text(other)}";
        }
        return found.Inputs.Count == 1 && ExtentsOf(expected.Inputs[0]).SequenceEqual(ExtentsOf(found.Inputs[0]))
            ? null
            : $"expected one input {expected.Inputs[0].Type?.Tensor?.Shape}; found {string.Join(", ", found.Inputs.Select(
                input => input.Type?.Tensor?.Shape?.ToString() ?? "one of unknown shape"))}";
    }

    private static string? OfNodes(NodeMessage expected, NodeMessage found)
    {
        bool areSame = expected.Operator == found.Operator && expected.Domain == found.Domain
            && expected.Inputs.SequenceEqual(found.Inputs) && expected.Outputs.SequenceEqual(found.Outputs);
        if (!areSame)
            return $"expected {Text(expected)}; found {Text(found)}";
        bool haveSame = expected.Attributes.Count == found.Attributes.Count
            && expected.Attributes.TrueForAll(one => found.Attributes.Exists(other => AreSame(one, other)));
        return haveSame ? null : $"expected other attributes of {Text(found)}";
    }

    private static bool AreSame(AttributeMessage one, AttributeMessage other) =>
        one.Name == other.Name && one.Kind == other.Kind && one.Tensor is null && other.Tensor is null
        && BitConverter.SingleToInt32Bits(one.Float) == BitConverter.SingleToInt32Bits(other.Float) && one.Integer == other.Integer
        && one.Text == other.Text && one.Floats.SequenceEqual(other.Floats) && one.Integers.SequenceEqual(other.Integers);

    // The batch may be fixed in one of them.
    private static IEnumerable<long?> ExtentsOf(ValueMessage value) =>
        value.Type?.Tensor?.Shape?.Dimensions.Skip(1).Select(dimension => dimension.Extent) ?? [];

    private static string Text(NodeMessage node) =>
        $"node {node.Operator}({string.Join(", ", node.Inputs)}) to {string.Join(", ", node.Outputs)}";

    private static string Text(TensorMessage tensor) => $"'{tensor.Name}' [{string.Join(", ", tensor.Extents)}] of type {tensor.Type}";
}
