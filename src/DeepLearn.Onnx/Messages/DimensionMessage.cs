using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx.Messages;

/// <summary>An extent of a shape: a number, or a name for one that is free (<c>TensorShapeProto.Dimension</c>).</summary>
internal sealed class DimensionMessage : IWireMessage
{
    /// <summary>The extent; null if it is free.</summary>
    public long? Extent { get; set; }

    /// <summary>The name of a free extent.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// What the axis is, as the format has it: <c>DATA_BATCH</c>, <c>DATA_CHANNEL</c>, <c>DATA_FEATURE</c>; mostly empty.
    /// </summary>
    public string Denotation { get; set; } = "";

    public static DimensionMessage Read(WireReader from)
    {
        var dimension = new DimensionMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: dimension.Extent = from.ReadNumber(); break;
                case 2: dimension.Name = from.ReadText(); break;
                case 3: dimension.Denotation = from.ReadText(); break;
                default: from.Skip(); break;
            }
        }
        return dimension;
    }

    public void Write(WireWriter to)
    {
        if (Extent is { } extent)
            to.Number(1, extent);
        to.Text(2, Name);
        to.Text(3, Denotation);
    }

    public override string ToString() => Extent?.ToString(System.Globalization.CultureInfo.InvariantCulture)
        ?? (Name.Length > 0 ? Name : "?");
}
