using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Writes named tensors to a file in the format safetensors (Hugging Face, 2022), which PyTorch, JAX and others read; see
/// <see cref="SafetensorsReader"/>.
/// </summary>
/// <remarks>
/// The same tensors and texts give the same bytes. F64 comes before F32, each in the order of their addition, and the header is filled up
/// with spaces, so that the elements begin at a multiple of 64 bytes and every tensor at a multiple of its element's size.
/// </remarks>
/// <example><code>
/// var writer = new SafetensorsWriter();
/// writer.Add("scores", Matrix&lt;float&gt;.FromArray(new float[,] { { 1, 2 }, { 3, 4 } }));
/// writer.AddText("made by", "my program");
/// writer.Save("scores.safetensors");
/// </code></example>
public sealed class SafetensorsWriter
{
    private const int Alignment = 64;

    // Names stay legible; what JSON itself needs escaped still is.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly List<Item> _items = [];
    private readonly Dictionary<string, string> _metadata = [];
    private readonly HashSet<string> _names = [SafetensorsHeader.MetadataKey];

    /// <summary>Adds a tensor.</summary>
    /// <typeparam name="T"><see cref="float"/>, written as F32, or <see cref="double"/>, as F64.</typeparam>
    /// <param name="name">The name, unique in the file.</param>
    /// <param name="value">The elements; not copied, but read when the file is written.</param>
    /// <param name="shape">
    /// The extents that the tensor gets, of as many elements, the last one contiguous; none for <c>[rows, columns]</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name is empty, there already, reserved (<c>__metadata__</c>) or no valid text; or the shape has another number of elements.
    /// </exception>
    public unsafe void Add<T>(string name, Matrix<T> value, params ReadOnlySpan<long> shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckText(name, nameof(name));
        ArgumentNullException.ThrowIfNull(value);
        ValueList<long> extents = shape.IsEmpty ? [value.Rows, value.Columns] : ValueList.Create(shape);
        UInt128 count = 1;
        foreach (long extent in extents)
            count = extent < 0 || count > long.MaxValue ? UInt128.MaxValue : count * (UInt128)extent;
        if (count != (UInt128)value.Count)
            throw new ArgumentException($"A shape for {value} has {value.Count} elements; found {extents}.", nameof(shape));
        if (!_names.Add(name))
        {
            throw new ArgumentException(
                $"Every tensor of a file has a name of its own, other than {SafetensorsHeader.MetadataKey}; found \"{name}\" "
                + "again.", nameof(name));
        }
        long length = value.Count * (long)sizeof(T);
        _items.Add(new(name, ElementEncoding.NameOf<T>(), extents, length, stream => ElementEncoding.Write<T>(value.AsSpan(), stream)));
    }

    /// <summary>Adds a text that goes with the tensors.</summary>
    /// <param name="key">Its key, unique among the texts.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The key is empty or there already, or one of them is no valid text.</exception>
    public void AddText(string key, string text)
    {
        CheckText(key, nameof(key));
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 0)
            CheckText(text, nameof(text));
        if (!_metadata.TryAdd(key, text))
            throw new ArgumentException($"Every text of a file has a key of its own; found \"{key}\" again.", nameof(key));
    }

    /// <summary>Writes the file whole or not at all: what stood there before stays until the new one is complete.</summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <exception cref="InvalidOperationException">The names and texts need a header of more than 100 MB.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, Write);
    }

    /// <summary>Writes to a stream, from where it stands.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    /// <exception cref="InvalidOperationException">
    /// The names and texts need a header of more than 100 MB. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Item[] items = [.. _items.OrderByDescending(item => ElementEncoding.SizeOf(item.ElementType))];
        stream.Write(Header(items));
        foreach (Item item in items)
            item.Write(stream);
    }

    /// <summary>The checksum of all texts and tensors so far, to be told apart from what a reader finds.</summary>
    internal string Checksum()
    {
        using var checksum = new TensorChecksum(_metadata);
        foreach (Item item in _items.OrderBy(item => item.Name, StringComparer.Ordinal))
            item.Write(new HashingStream(checksum.Begin(item.Name, item.ElementType, item.Shape.AsSpan())));
        return checksum.Take();
    }

    private byte[] Header(ReadOnlySpan<Item> items)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Options))
        {
            writer.WriteStartObject();
            if (_metadata.Count > 0)
            {
                writer.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string text) in _metadata)
                    writer.WriteString(key, text);
                writer.WriteEndObject();
            }
            long offset = 0;
            foreach (Item item in items)
            {
                writer.WriteStartObject(item.Name);
                writer.WriteString("dtype", item.ElementType);
                writer.WriteStartArray("shape");
                foreach (long extent in item.Shape)
                    writer.WriteNumberValue(extent);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += item.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        int whole = (sizeof(ulong) + json.WrittenCount + Alignment - 1) / Alignment * Alignment;
        if (whole - sizeof(ulong) > SafetensorsHeader.LongestLength)
        {
            throw new InvalidOperationException(
                $"The names and texts of a file take at most {SafetensorsHeader.LongestLength} bytes; found {json.WrittenCount}.");
        }
        var header = new byte[whole];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(whole - sizeof(ulong)));
        json.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        return header;
    }

    // Half a surrogate pair would be written as something else, and not be found again.
    private static void CheckText(string text, string argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, argument);
        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"Expected a valid text; found half a surrogate pair at {exception.Index}.", argument, exception);
        }
    }

    private sealed record Item(string Name, string ElementType, ValueList<long> Shape, long Length, Action<Stream> Write);
}
