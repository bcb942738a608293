using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>A whole file (<c>ModelProto</c>).</summary>
internal sealed class ModelMessage : IWireMessage
{
    /// <summary>The version of the format of the file itself.</summary>
    public long FormatVersion { get; set; }

    public string ProducerName { get; set; } = "";

    public string ProducerVersion { get; set; } = "";

    public string Description { get; set; } = "";

    public GraphMessage? Graph { get; set; }

    public List<OperatorSetMessage> OperatorSets { get; } = [];

    public List<EntryMessage> Texts { get; } = [];

    /// <summary>How many functions of its own the file defines, of which nodes may be calls.</summary>
    public int Functions { get; set; }

    /// <summary>Reads a file from where a stream stands to its end.</summary>
    public static ModelMessage Read(Stream stream) => WireReader.Read(stream, "the model", Read);

    private static ModelMessage Read(WireReader from)
    {
        var model = new ModelMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: model.FormatVersion = from.ReadNumber(); break;
                case 2: model.ProducerName = from.ReadText(); break;
                case 3: model.ProducerVersion = from.ReadText(); break;
                case 6: model.Description = from.ReadText(); break;
                case 7: model.Graph = from.ReadMessage("the graph", GraphMessage.Read); break;
                case 8: from.AddMessage(model.OperatorSets, "an operator set", OperatorSetMessage.Read); break;
                case 14: from.AddMessage(model.Texts, "a text of the model", EntryMessage.Read); break;
                case 25: model.Functions++; from.Skip(); break;
                default: from.Skip(); break;
            }
        }
        return model;
    }

    public void Write(WireWriter to)
    {
        to.Number(1, FormatVersion);
        to.Text(2, ProducerName);
        to.Text(3, ProducerVersion);
        to.Text(6, Description);
        to.Message(7, Graph);
        to.Messages(8, OperatorSets);
        to.Messages(14, Texts);
    }
}
