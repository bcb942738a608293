using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>One operator between named values (<c>NodeProto</c>).</summary>
internal sealed class NodeMessage : IWireMessage
{
    /// <summary>The names of what it reads; an empty one for an input that is left out.</summary>
    public List<string> Inputs { get; } = [];

    /// <summary>The names of what it writes; an empty one for an unused output.</summary>
    public List<string> Outputs { get; } = [];

    public string Name { get; set; } = "";

    public string Operator { get; set; } = "";

    /// <summary>The operator's domain; empty for ONNX's own.</summary>
    public string Domain { get; set; } = "";

    public List<AttributeMessage> Attributes { get; } = [];

    public static NodeMessage Read(WireReader from)
    {
        var node = new NodeMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: node.Inputs.Add(from.ReadText()); break;
                case 2: node.Outputs.Add(from.ReadText()); break;
                case 3: node.Name = from.ReadText(); break;
                case 4: node.Operator = from.ReadText(); break;
                case 5: from.AddMessage(node.Attributes, "an attribute", AttributeMessage.Read); break;
                case 7: node.Domain = from.ReadText(); break;
                default: from.Skip(); break;
            }
        }
        return node.Operator.Length > 0 ? node : throw from.Damaged("an operator; found a node without one");
    }

    public void Write(WireWriter to)
    {
        to.Texts(1, Inputs);
        to.Texts(2, Outputs);
        to.Text(3, Name);
        to.Text(4, Operator);
        to.Messages(5, Attributes);
        to.Text(7, Domain);
    }
}
