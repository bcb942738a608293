using Google.Protobuf;

namespace DeepLearn.Onnx.Wire;

/// <summary>
/// Writes messages. The length of a message stands before it, so that everything is written twice: first to nowhere, which gives the
/// lengths, then to the stream. So no message is held in memory as bytes.
/// </summary>
internal sealed class WireWriter
{
    private readonly List<long> _lengths = [];
    private CodedOutputStream _output;
    private bool _isCounting = true;
    private int _next;

    private WireWriter(CodedOutputStream output) => _output = output;

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stream">Where to.</param>
    /// <exception cref="IOException">The message has 2 GB or more, beyond what the format allows.</exception>
    public static void Write(IWireMessage message, Stream stream)
    {
        using var nowhere = new CodedOutputStream(new CountingStream());
        var writer = new WireWriter(nowhere);
        message.Write(writer);
        if (nowhere.Position > int.MaxValue)
            throw new IOException($"An ONNX file has less than 2 GB; this one would have {nowhere.Position} bytes.");
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        (writer._output, writer._isCounting) = (output, false);
        message.Write(writer);
    }

    /// <summary>A whole number.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The number.</param>
    public void Number(int field, long value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt64(value);
    }

    /// <summary>A number of four bytes.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The number.</param>
    public void Float(int field, float value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed32);
        _output.WriteFloat(value);
    }

    /// <summary>A number of eight bytes.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The number.</param>
    public void Double(int field, double value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed64);
        _output.WriteDouble(value);
    }

    /// <summary>A text; nothing where it is empty.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The text.</param>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
            Texts(field, [value]);
    }

    /// <summary>Texts, empty ones too.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="values">The texts.</param>
    public void Texts(int field, IEnumerable<string> values)
    {
        foreach (string value in values)
        {
            _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            _output.WriteString(value);
        }
    }

    /// <summary>Data.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The bytes.</param>
    public void Bytes(int field, ReadOnlyMemory<byte> value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }

    /// <summary>A message within this one.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="message">The message; nothing where it is null.</param>
    public void Message(int field, IWireMessage? message)
    {
        if (message is null)
            return;
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        if (!_isCounting)
        {
            _output.WriteLength((int)_lengths[_next++]);
            message.Write(this);
            return;
        }
        int place = _lengths.Count;
        _lengths.Add(0);
        long before = _output.Position;
        message.Write(this);
        long length = _lengths[place] = _output.Position - before;

        // One that is too long is found at the end.
        _output.WriteLength((int)Math.Min(length, int.MaxValue));
    }

    /// <summary>Messages within this one.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="messages">The messages.</param>
    public void Messages(int field, IEnumerable<IWireMessage> messages)
    {
        foreach (IWireMessage message in messages)
            Message(field, message);
    }
}
