using System.Text;
using DeepLearn.Onnx.Wire;
using Google.Protobuf.Collections;

namespace DeepLearn.Onnx.Messages;

/// <summary>An option of a node (<c>AttributeProto</c>).</summary>
internal sealed class AttributeMessage : IWireMessage
{
    private RepeatedField<float>? _floats;
    private RepeatedField<long>? _integers;

    public string Name { get; set; } = "";

    /// <summary>The kind of its value; kinds that are not read here keep the format's number.</summary>
    public AttributeKind Kind { get; set; }

    public float Float { get; set; }

    public long Integer { get; set; }

    public string Text { get; set; } = "";

    public TensorMessage? Tensor { get; set; }

    public IReadOnlyList<float> Floats => (IReadOnlyList<float>?)_floats ?? [];

    public IReadOnlyList<long> Integers => (IReadOnlyList<long>?)_integers ?? [];

    public List<string> Texts { get; } = [];

    public static AttributeMessage Of(string name, float value) => new() { Name = name, Kind = AttributeKind.Float, Float = value };

    public static AttributeMessage Of(string name, long value) => new() { Name = name, Kind = AttributeKind.Integer, Integer = value };

    public static AttributeMessage Of(string name, string value) => new() { Name = name, Kind = AttributeKind.Text, Text = value };

    public static AttributeMessage Of(string name, TensorMessage value) =>
        new() { Name = name, Kind = AttributeKind.Tensor, Tensor = value };

    public static AttributeMessage Of(string name, ReadOnlySpan<long> values) =>
        new() { Name = name, Kind = AttributeKind.Integers, _integers = [.. values] };

    public static AttributeMessage Of(string name, ReadOnlySpan<float> values) =>
        new() { Name = name, Kind = AttributeKind.Floats, _floats = [.. values] };

    public static AttributeMessage OfTexts(string name, params string[] values)
    {
        var attribute = new AttributeMessage { Name = name, Kind = AttributeKind.Texts };
        attribute.Texts.AddRange(values);
        return attribute;
    }

    public static AttributeMessage Read(WireReader from)
    {
        var attribute = new AttributeMessage();
        AttributeKind held = AttributeKind.None;
        while (from.TryReadField(out int field))
        {
            switch (field)
            {
                case 1: attribute.Name = from.ReadText(); break;
                case 2: attribute.Float = from.ReadFloat(); held = AttributeKind.Float; break;
                case 3: attribute.Integer = from.ReadNumber(); held = AttributeKind.Integer; break;
                case 4: attribute.Text = Letters(from.ReadBytes()); held = AttributeKind.Text; break;
                case 5: attribute.Tensor = from.ReadMessage("a tensor", TensorMessage.Read); held = AttributeKind.Tensor; break;
                case 7: from.AddFloats(attribute._floats ??= []); held = AttributeKind.Floats; break;
                case 8: from.AddNumbers(attribute._integers ??= []); held = AttributeKind.Integers; break;
                case 9: attribute.Texts.Add(Letters(from.ReadBytes())); held = AttributeKind.Texts; break;
                case 20: attribute.Kind = (AttributeKind)from.ReadNumber(); break;
                default: from.Skip(); break;
            }
        }

        // Files of the first version of the format have no kind: it follows from the field that is set.
        if (attribute.Kind == AttributeKind.None)
            attribute.Kind = held;
        return attribute;
    }

    public void Write(WireWriter to)
    {
        to.Text(1, Name);
        switch (Kind)
        {
            case AttributeKind.Float: to.Float(2, Float); break;
            case AttributeKind.Integer: to.Number(3, Integer); break;
            case AttributeKind.Text: to.Texts(4, [Text]); break;
            case AttributeKind.Tensor: to.Message(5, Tensor); break;
            case AttributeKind.Floats:
                foreach (float value in Floats)
                    to.Float(7, value);
                break;
            case AttributeKind.Integers:
                foreach (long value in Integers)
                    to.Number(8, value);
                break;
            case AttributeKind.Texts: to.Texts(9, Texts); break;
            default: throw new InvalidOperationException($"An attribute of kind {Kind} is not written here.");
        }
        to.Number(20, (long)Kind);
    }

    /// <summary>An attribute's text may be any bytes; those that matter here are plain letters.</summary>
    private static string Letters(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
