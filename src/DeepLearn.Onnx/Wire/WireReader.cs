using System.Buffers.Binary;
using System.Text;

namespace DeepLearn.Onnx.Wire;

/// <summary>Reads the fields of a message in the wire format of Protocol Buffers, one after another.</summary>
/// <remarks>
/// Texts apart, what is read are windows on the file's own bytes: nothing is copied, and a length is trusted only as far as there are
/// bytes. Messages within messages are read to a limited depth. Fields that a message does not know are skipped.
/// </remarks>
/// <param name="data">The bytes of the message.</param>
/// <param name="origin">Where they begin in the file, for messages.</param>
/// <param name="depth">How many messages it is within.</param>
/// <param name="what">What the message is, for messages.</param>
internal struct WireReader(ReadOnlyMemory<byte> data, int origin, int depth, string what)
{
    /// <summary>The largest depth of nested messages; a model's graph needs ten.</summary>
    private const int Deepest = 32;

    /// <summary>The largest number of messages of one kind within a message, so that tiny ones cannot exhaust memory.</summary>
    public const int MostMessages = 1 << 18;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private int _position;
    private int _field;
    private WireType _type;

    /// <summary>Goes on to the next field.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>False at the end of the message.</returns>
    public bool TryReadField(out int field)
    {
        field = 0;
        if (_position == data.Length)
            return false;
        ulong tag = ReadVarint();
        field = (int)(tag >> 3);
        _field = field;
        _type = (WireType)(tag & 7);
        if (tag > uint.MaxValue || field == 0 || !Enum.IsDefined(_type))
            throw Damaged($"the tag of a field; found {tag}");
        return true;
    }

    /// <summary>A whole number.</summary>
    public long ReadNumber()
    {
        Require(WireType.Number);
        return (long)ReadVarint();
    }

    /// <summary>A number of four bytes.</summary>
    public float ReadFloat()
    {
        Require(WireType.FourBytes);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span);
    }

    /// <summary>Data, as a window on the file's bytes.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        Require(WireType.Bytes);
        return Take(ReadLength());
    }

    /// <summary>A text.</summary>
    public string ReadText()
    {
        ReadOnlyMemory<byte> bytes = ReadBytes();
        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("a text in UTF-8");
        }
    }

    /// <summary>A message within this one.</summary>
    /// <param name="name">What it is.</param>
    public WireReader ReadMessage(string name)
    {
        if (depth == Deepest)
            throw Damaged($"messages within messages no deeper than {Deepest}");
        ReadOnlyMemory<byte> bytes = ReadBytes();
        return new(bytes, origin + _position - bytes.Length, depth + 1, name);
    }

    /// <summary>Reads a message within this one and adds it to a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="name">What it is.</param>
    /// <param name="read">Reads it.</param>
    public void AddMessage<TMessage>(List<TMessage> list, string name, Func<WireReader, TMessage> read)
    {
        if (list.Count == MostMessages)
            throw Damaged($"at most {MostMessages} messages in a list");
        list.Add(read(ReadMessage(name)));
    }

    /// <summary>Adds one whole number, or packed ones, to a list.</summary>
    /// <param name="list">The list.</param>
    public void AddNumbers(List<long> list)
    {
        if (_type == WireType.Number)
        {
            list.Add((long)ReadVarint());
            return;
        }
        Require(WireType.Bytes);
        int end = ReadLength() + _position;
        while (_position < end)
            list.Add((long)ReadVarint());
        if (_position > end)
            throw Damaged("packed numbers that end with their field");
    }

    /// <summary>Adds one number of four bytes, or packed ones, to a list.</summary>
    /// <param name="list">The list.</param>
    public void AddFloats(List<float> list)
    {
        if (_type == WireType.FourBytes)
        {
            list.Add(ReadFloat());
            return;
        }
        ReadOnlySpan<byte> bytes = ReadPacked(sizeof(float));
        for (int i = 0; i < bytes.Length; i += sizeof(float))
            list.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes[i..]));
    }

    /// <summary>Adds one number of eight bytes, or packed ones, to a list.</summary>
    /// <param name="list">The list.</param>
    public void AddDoubles(List<double> list)
    {
        if (_type == WireType.EightBytes)
        {
            list.Add(BinaryPrimitives.ReadDoubleLittleEndian(Take(8).Span));
            return;
        }
        ReadOnlySpan<byte> bytes = ReadPacked(sizeof(double));
        for (int i = 0; i < bytes.Length; i += sizeof(double))
            list.Add(BinaryPrimitives.ReadDoubleLittleEndian(bytes[i..]));
    }

    /// <summary>Skips a field that is not needed.</summary>
    public void Skip()
    {
        switch (_type)
        {
            case WireType.Number:
                ReadVarint();
                break;
            case WireType.EightBytes:
                Take(8);
                break;
            case WireType.FourBytes:
                Take(4);
                break;
            default:
                Take(ReadLength());
                break;
        }
    }

    /// <summary>The error of a message that is not what it should be.</summary>
    /// <param name="expected">What was expected, and what was found.</param>
    public readonly InvalidDataException Damaged(string expected) =>
        new($"Damaged at byte {origin + _position}, in {what}{(_field == 0 ? "" : $", field {_field}")}: expected {expected}.");

    private ReadOnlySpan<byte> ReadPacked(int size)
    {
        ReadOnlySpan<byte> bytes = ReadBytes().Span;
        return bytes.Length % size == 0 ? bytes : throw Damaged($"packed numbers of {size} bytes each; found {bytes.Length} bytes");
    }

    private readonly void Require(WireType type)
    {
        if (_type != type)
            throw Damaged($"a field that is written as {type}; found {_type}");
    }

    private int ReadLength()
    {
        ulong length = ReadVarint();
        return length <= (ulong)(data.Length - _position)
            ? (int)length
            : throw Damaged($"at most the {data.Length - _position} bytes that are left; found a length of {length}");
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > data.Length - _position)
            throw Damaged($"{length} bytes; found the end after {data.Length - _position}");
        _position += length;
        return data.Slice(_position - length, length);
    }

    private ulong ReadVarint()
    {
        ReadOnlySpan<byte> bytes = data.Span[_position..];
        ulong number = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                _position += i + 1;
                return number;
            }
        }
        throw Damaged("a whole number of at most ten bytes");
    }
}
