using DeepLearn.Data;
using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Import;

/// <content>Finds the order in which the graph takes images.</content>
internal sealed partial class GraphImport
{
    /// <summary>Operators that work in any order, so that a later one decides it.</summary>
    private static readonly HashSet<string> Transparent =
    [
        "Identity", "Cast", "Dropout", "Pad", "Add", "Sub", "Mul", "Div", "Relu", "LeakyRelu", "Clip", "Sigmoid", "Tanh", "Elu", "Reshape",
    ];

    private PixelOrder OrderOf(ShapeMessage shape, string producer)
    {
        if (_options.InputOrder is { } given)
            return given;
        PixelOrder? told = ToldOrder() ?? DenotedOrder(shape);
        if (told is null && shape.Dimensions.Count == 4)
        {
            told = producer == "pytorch" ? PixelOrder.Planar : PixelOrder.ChannelsLast;
            Notes.Add(
                $"No operator of the file tells the order of its images {shape}: it was taken as {told}. {nameof(OnnxImportOptions)}."
                + $"{nameof(OnnxImportOptions.InputOrder)} says otherwise.");
        }
        return told ?? PixelOrder.ChannelsLast;
    }

    /// <summary>The order that the file states explicitly, as few files do.</summary>
    private static PixelOrder? DenotedOrder(ShapeMessage shape) => shape.Dimensions.Count != 4 ? null
        : shape.Dimensions[1].Denotation == Denotation.Channel ? PixelOrder.Planar
        : shape.Dimensions[3].Denotation == Denotation.Channel ? PixelOrder.ChannelsLast
        : null;

    /// <summary>The order that follows from the first operator that needs one.</summary>
    private PixelOrder? ToldOrder()
    {
        var same = new HashSet<string> { InputName };
        foreach (NodeMessage node in _graph.Nodes)
        {
            if (!node.Inputs.Exists(same.Contains) || !node.Outputs.Exists(_needed.Contains))
                continue;
            switch (node.Operator)
            {
                case "Conv" or "MaxPool" or "AveragePool" or "GlobalAveragePool" or "BatchNormalization":
                    return PixelOrder.Planar;
                case "Transpose":
                    IReadOnlyList<long>? axes = node.Attributes.Find(attribute => attribute.Name == "perm")?.Integers;
                    if (axes is [0, 3, 1, 2])
                        return PixelOrder.ChannelsLast;
                    if (axes is [0, 2, 3, 1])
                        return PixelOrder.Planar;
                    break;
                case "ReduceMean":
                    IReadOnlyList<long>? over = node.Attributes.Find(attribute => attribute.Name == "axes")?.Integers;
                    if (over is [2, 3] or [-2, -1])
                        return PixelOrder.Planar;
                    if (over is [1, 2])
                        return PixelOrder.ChannelsLast;
                    break;
                default:
                    if (Transparent.Contains(node.Operator))
                        same.UnionWith(node.Outputs);
                    break;
            }
        }
        return null;
    }
}
