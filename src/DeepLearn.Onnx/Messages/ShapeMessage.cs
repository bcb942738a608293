using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>The extents of a value, the batch among them (<c>TensorShapeProto</c>).</summary>
internal sealed class ShapeMessage : IWireMessage
{
    public List<DimensionMessage> Dimensions { get; } = [];

    public static ShapeMessage Read(WireReader from)
    {
        var shape = new ShapeMessage();
        while (from.TryReadField(out int field))
        {
            if (field == 1)
                from.AddMessage(shape.Dimensions, "an extent", DimensionMessage.Read);
            else
                from.Skip();
        }
        return shape;
    }

    public void Write(WireWriter to) => to.Messages(1, Dimensions);

    public override string ToString() => $"[{string.Join(", ", Dimensions)}]";
}
