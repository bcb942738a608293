using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace DeepLearn.Onnx.Wire;

/// <summary>Reads the fields of a message, one after another, and of the messages within it.</summary>
/// <remarks>
/// The format is Google.Protobuf's affair: it limits how deep messages are within one another, and believes a length only as far as there
/// are bytes. What is added here is the place of a fault, texts that have to be UTF-8, and a limit for the number of messages. Fields that
/// a message does not know are skipped.
/// </remarks>
internal sealed class WireReader
{
    /// <summary>A message may be within so many others; a graph, which is within three, needs ten.</summary>
    private const int Deepest = 32;

    /// <summary>A message has at most so many messages of one kind within it, so that tiny ones cannot fill the memory.</summary>
    private const int MostMessages = 1 << 18;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly CodedInputStream _input;
    private string _what;
    private int _field;
    private uint _tag;

    private WireReader(Stream stream, string what)
    {
        _input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, Deepest);
        _what = what;
    }

    /// <summary>Reads a message from where a stream stands to its end.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="what">What the message is, for messages.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InvalidDataException">It is damaged; the message names the byte.</exception>
    public static TMessage Read<TMessage>(Stream stream, string what, Func<WireReader, TMessage> read)
    {
        var reader = new WireReader(stream, what);
        try
        {
            return read(reader);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"{reader.Place}: {exception.Message}", exception);
        }
    }

    private string Place =>
        FormattableString.Invariant($"Damaged at byte {_input.Position}, in {_what}{(_field == 0 ? "" : $", field {_field}")}");

    /// <summary>Goes on to the next field.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>False at the end of the message.</returns>
    public bool TryReadField(out int field)
    {
        _tag = _input.ReadTag();
        field = _field = WireFormat.GetTagFieldNumber(_tag);
        return _tag != 0;
    }

    /// <summary>A whole number.</summary>
    public long ReadNumber()
    {
        Require(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    /// <summary>A number of four bytes.</summary>
    public float ReadFloat()
    {
        Require(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    /// <summary>Data.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        Require(WireFormat.WireType.LengthDelimited);
        return _input.ReadBytes().Memory;
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
    /// <param name="what">What it is.</param>
    /// <param name="read">Reads it.</param>
    public TMessage ReadMessage<TMessage>(string what, Func<WireReader, TMessage> read)
    {
        Require(WireFormat.WireType.LengthDelimited);
        (string outer, int field) = (_what, _field);
        (_what, _field) = (what, 0);
        var inner = new InnerMessage<TMessage>(this, read);
        _input.ReadMessage(inner);
        (_what, _field) = (outer, field);
        return inner.Message!;
    }

    /// <summary>Reads a message within this one and adds it to a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="what">What it is.</param>
    /// <param name="read">Reads it.</param>
    public void AddMessage<TMessage>(List<TMessage> list, string what, Func<WireReader, TMessage> read)
    {
        if (list.Count == MostMessages)
            throw Damaged($"at most {MostMessages} messages in a list");
        list.Add(ReadMessage(what, read));
    }

    /// <summary>Adds one whole number, or packed ones, to a list.</summary>
    /// <param name="list">The list.</param>
    public void AddNumbers(RepeatedField<long> list)
    {
        RequirePackedOr(WireFormat.WireType.Varint);
        list.AddEntriesFrom(_input, FieldCodec.ForInt64(_tag));
    }

    /// <summary>Adds one number of four bytes, or packed ones, to a list.</summary>
    /// <param name="list">The list.</param>
    public void AddFloats(RepeatedField<float> list)
    {
        RequirePackedOr(WireFormat.WireType.Fixed32);
        list.AddEntriesFrom(_input, FieldCodec.ForFloat(_tag));
    }

    /// <summary>Adds one number of eight bytes, or packed ones, to a list.</summary>
    /// <param name="list">The list.</param>
    public void AddDoubles(RepeatedField<double> list)
    {
        RequirePackedOr(WireFormat.WireType.Fixed64);
        list.AddEntriesFrom(_input, FieldCodec.ForDouble(_tag));
    }

    /// <summary>Passes over a field that nobody needs.</summary>
    public void Skip() => _input.SkipLastField();

    /// <summary>The error of a message that is not what it should be.</summary>
    /// <param name="expected">What was expected, and what was found.</param>
    public InvalidDataException Damaged(string expected) => new($"{Place}: expected {expected}.");

    private void RequirePackedOr(WireFormat.WireType type)
    {
        if (WireFormat.GetTagWireType(_tag) != WireFormat.WireType.LengthDelimited)
            Require(type);
    }

    private void Require(WireFormat.WireType type)
    {
        if (WireFormat.GetTagWireType(_tag) != type)
            throw Damaged($"a field that is written as {type}; found {WireFormat.GetTagWireType(_tag)}");
    }
}
