using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>A text with a key (<c>StringStringEntryProto</c>).</summary>
internal sealed class EntryMessage : IWireMessage
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    public static EntryMessage Read(WireReader from)
    {
        var entry = new EntryMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: entry.Key = from.ReadText(); break;
                case 2: entry.Value = from.ReadText(); break;
                default: from.Skip(); break;
            }
        }
        return entry;
    }

    public void Write(WireWriter to)
    {
        to.Text(1, Key);
        to.Text(2, Value);
    }
}
