using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>The nodes, in an order in which they can be computed, and the constant tensors (<c>GraphProto</c>).</summary>
internal sealed class GraphMessage : IWireMessage
{
    public string Name { get; set; } = "";

    public List<NodeMessage> Nodes { get; } = [];

    /// <summary>The tensors whose numbers are in the file, mostly weights.</summary>
    public List<TensorMessage> Initializers { get; } = [];

    public List<ValueMessage> Inputs { get; } = [];

    public List<ValueMessage> Outputs { get; } = [];

    /// <summary>The types and shapes of the values between.</summary>
    public List<ValueMessage> Values { get; } = [];

    /// <summary>How many tensors are written as lists of the elements that are not 0.</summary>
    public int SparseInitializers { get; set; }

    public static GraphMessage Read(WireReader from)
    {
        var graph = new GraphMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: from.AddMessage(graph.Nodes, "a node", NodeMessage.Read); break;
                case 2: graph.Name = from.ReadText(); break;
                case 5: from.AddMessage(graph.Initializers, "an initializer", TensorMessage.Read); break;
                case 11: from.AddMessage(graph.Inputs, "an input", ValueMessage.Read); break;
                case 12: from.AddMessage(graph.Outputs, "an output", ValueMessage.Read); break;
                case 13: from.AddMessage(graph.Values, "a value", ValueMessage.Read); break;
                case 15: graph.SparseInitializers++; from.Skip(); break;
                default: from.Skip(); break;
            }
        }
        return graph;
    }

    public void Write(WireWriter to)
    {
        to.Messages(1, Nodes);
        to.Text(2, Name);
        to.Messages(5, Initializers);
        to.Messages(11, Inputs);
        to.Messages(12, Outputs);
        to.Messages(13, Values);
    }
}
