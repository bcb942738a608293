using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>The type of a value (<c>TypeProto</c>): a tensor's, or null for the others, such as sequences.</summary>
internal sealed class TypeMessage : IWireMessage
{
    public TensorTypeMessage? Tensor { get; set; }

    public static TypeMessage Read(WireReader from)
    {
        var type = new TypeMessage();
        while (from.TryReadField(out int field))
        {
            if (field == 1)
                type.Tensor = from.ReadMessage("the type of a tensor", TensorTypeMessage.Read);
            else
                from.Skip();
        }
        return type;
    }

    public void Write(WireWriter to) => to.Message(1, Tensor);
}
