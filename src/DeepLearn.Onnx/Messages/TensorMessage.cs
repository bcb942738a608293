using System.Buffers.Binary;
using DeepLearn.Onnx.Wire;
using Google.Protobuf.Collections;

namespace DeepLearn.Onnx.Messages;

/// <summary>A tensor whose numbers stand in the file, or in another beside it (<c>TensorProto</c>).</summary>
internal sealed class TensorMessage : IWireMessage
{
    private RepeatedField<float>? _floats;
    private RepeatedField<double>? _doubles;
    private RepeatedField<long>? _numbers;

    public string Name { get; set; } = "";

    public RepeatedField<long> Extents { get; } = [];

    public ElementType Type { get; set; }

    /// <summary>The elements as they stand in memory, the lowest byte first; empty if they are in one of the lists.</summary>
    public ReadOnlyMemory<byte> Raw { get; set; }

    public IReadOnlyList<float>? Floats => _floats;

    public IReadOnlyList<double>? Doubles => _doubles;

    /// <summary>Whole numbers, and those of 16 bits by their bits.</summary>
    public IReadOnlyList<long>? Numbers => _numbers;

    /// <summary>Whether the numbers are in another file, which <see cref="ExternalPlace"/> names.</summary>
    public bool IsExternal { get; set; }

    public List<EntryMessage> ExternalPlace { get; } = [];

    /// <summary>Whether it is one part of a tensor.</summary>
    public bool IsSegment { get; set; }

    public static TensorMessage Of(string name, ReadOnlySpan<long> extents, ReadOnlySpan<float> elements)
    {
        var bytes = new byte[sizeof(float) * elements.Length];
        for (int i = 0; i < elements.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), elements[i]);
        return Of(name, ElementType.Float, extents, bytes);
    }

    public static TensorMessage Of(string name, ReadOnlySpan<long> extents, ReadOnlySpan<long> elements)
    {
        var bytes = new byte[sizeof(long) * elements.Length];
        for (int i = 0; i < elements.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long) * i), elements[i]);
        return Of(name, ElementType.Int64, extents, bytes);
    }

    public static TensorMessage Read(WireReader from)
    {
        var tensor = new TensorMessage();
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: from.AddNumbers(tensor.Extents); break;
                case 2: tensor.Type = (ElementType)from.ReadNumber(); break;
                case 3: tensor.IsSegment = true; from.Skip(); break;
                case 4: from.AddFloats(tensor._floats ??= []); break;
                case 5 or 7 or 11: from.AddNumbers(tensor._numbers ??= []); break;
                case 8: tensor.Name = from.ReadText(); break;
                case 9: tensor.Raw = from.ReadBytes(); break;
                case 10: from.AddDoubles(tensor._doubles ??= []); break;
                case 13: from.AddMessage(tensor.ExternalPlace, "the place of external data", EntryMessage.Read); break;
                case 14: tensor.IsExternal = from.ReadNumber() == 1; break;
                default: from.Skip(); break;
            }
        }
        return tensor;
    }

    public void Write(WireWriter to)
    {
        foreach (long extent in Extents)
            to.Number(1, extent);
        to.Number(2, (long)Type);
        foreach (float number in _floats ?? [])
            to.Float(4, number);
        foreach (long number in _numbers ?? [])
            to.Number(Type switch { ElementType.Int64 => 7, ElementType.UInt32 or ElementType.UInt64 => 11, _ => 5 }, number);
        to.Text(8, Name);
        if (_floats is null && _numbers is null && _doubles is null)
            to.Bytes(9, Raw);
        foreach (double number in _doubles ?? [])
            to.Double(10, number);
    }

    private static TensorMessage Of(string name, ElementType type, ReadOnlySpan<long> extents, byte[] bytes)
    {
        var tensor = new TensorMessage { Name = name, Type = type, Raw = bytes };
        foreach (long extent in extents)
            tensor.Extents.Add(extent);
        return tensor;
    }
}
