using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>Which version of a domain's operators the nodes mean (<c>OperatorSetIdProto</c>).</summary>
internal sealed class OperatorSetMessage : IWireMessage
{
    /// <summary>The domain; empty for ONNX's own.</summary>
    public string Domain { get; set; } = "";

    public long Version { get; set; }

    public static OperatorSetMessage Read(WireReader from)
    {
        var set = new OperatorSetMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: set.Domain = from.ReadText(); break;
                case 2: set.Version = from.ReadNumber(); break;
                default: from.Skip(); break;
            }
        }
        return set;
    }

    public void Write(WireWriter to)
    {
        to.Text(1, Domain);
        to.Number(2, Version);
    }
}
