using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>The element type and the shape of a tensor (<c>TypeProto.Tensor</c>).</summary>
internal sealed class TensorTypeMessage : IWireMessage
{
    public ElementType Type { get; set; }

    /// <summary>The shape; null if it is unknown.</summary>
    public ShapeMessage? Shape { get; set; }

    public static TensorTypeMessage Read(WireReader from)
    {
        var type = new TensorTypeMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: type.Type = (ElementType)from.ReadNumber(); break;
                case 2: type.Shape = from.ReadMessage("a shape", ShapeMessage.Read); break;
                default: from.Skip(); break;
            }
        }
        return type;
    }

    public void Write(WireWriter to)
    {
        to.Number(1, (long)Type);
        to.Message(2, Shape);
    }
}
