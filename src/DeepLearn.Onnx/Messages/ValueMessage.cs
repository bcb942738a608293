using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>The name, type and shape of a value (<c>ValueInfoProto</c>).</summary>
internal sealed class ValueMessage : IWireMessage
{
    public string Name { get; set; } = "";

    public TypeMessage? Type { get; set; }

    /// <summary>A value of 32-bit numbers for any number of examples.</summary>
    /// <param name="name">The name.</param>
    /// <param name="extents">The extents of one example.</param>
    public static ValueMessage Of(string name, ReadOnlySpan<int> extents)
    {
        var shape = new ShapeMessage();
        shape.Dimensions.Add(new() { Name = "batch" });
        foreach (int extent in extents)
            shape.Dimensions.Add(new() { Extent = extent });
        return new() { Name = name, Type = new() { Tensor = new() { Type = ElementType.Float, Shape = shape } } };
    }

    public static ValueMessage Read(WireReader from)
    {
        var value = new ValueMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: value.Name = from.ReadText(); break;
                case 2: value.Type = from.ReadMessage("a type", TypeMessage.Read); break;
                default: from.Skip(); break;
            }
        }
        return value;
    }

    public void Write(WireWriter to)
    {
        to.Text(1, Name);
        to.Message(2, Type);
    }
}
