using System.Buffers.Binary;
using System.Text;

namespace DeepLearn.Onnx.Wire;

/// <summary>
/// Writes messages in the wire format of Protocol Buffers. The length of a message stands before it, so everything is written twice: first
/// without output, to count lengths, then to the stream. No message is so held in memory as bytes.
/// </summary>
internal sealed class WireWriter
{
    private readonly List<long> _lengths = [];
    private Stream? _stream;
    private int _next;
    private long _position;

    private WireWriter()
    {
    }

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stream">Where to.</param>
    /// <exception cref="IOException">The message has 2 GB or more, beyond what the format allows.</exception>
    public static void Write(IWireMessage message, Stream stream)
    {
        var writer = new WireWriter();
        message.Write(writer);
        if (writer._position > int.MaxValue)
            throw new IOException($"An ONNX file has less than 2 GB; this one would have {writer._position} bytes.");
        writer._stream = stream;
        message.Write(writer);
    }

    /// <summary>A whole number.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The number.</param>
    public void Number(int field, long value)
    {
        Tag(field, WireType.Number);
        Varint((ulong)value);
    }

    /// <summary>A number of four bytes.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The number.</param>
    public void Float(int field, float value)
    {
        Tag(field, WireType.FourBytes);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Put(bytes);
    }

    /// <summary>A text; nothing where it is empty.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The text.</param>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
            Bytes(field, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Texts, empty ones too.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="values">The texts.</param>
    public void Texts(int field, IEnumerable<string> values)
    {
        foreach (string value in values)
            Bytes(field, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Data.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The bytes.</param>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        Put(value);
    }

    /// <summary>A message within this one.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="message">The message; nothing where it is null.</param>
    public void Message(int field, IWireMessage? message)
    {
        if (message is null)
            return;
        Tag(field, WireType.Bytes);
        if (_stream is not null)
        {
            Varint((ulong)_lengths[_next++]);
            message.Write(this);
            return;
        }
        int place = _lengths.Count;
        _lengths.Add(0);
        long before = _position;
        message.Write(this);
        _lengths[place] = _position - before;
        Varint((ulong)_lengths[place]);
    }

    /// <summary>Messages within this one.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="messages">The messages.</param>
    public void Messages(int field, IEnumerable<IWireMessage> messages)
    {
        foreach (IWireMessage message in messages)
            Message(field, message);
    }

    private void Tag(int field, WireType type) => Varint(((ulong)field << 3) | (ulong)type);

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int count = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        Put(bytes[..count]);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _position += bytes.Length;
        _stream?.Write(bytes);
    }
}
