using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Reads named tensors from a file in the format safetensors (Hugging Face, 2022): eight bytes with the length of the header, the header in
/// JSON, and the elements, little-endian.
/// </summary>
/// <remarks>
/// The whole header is checked before anything else is read: names, types, shapes, and that every byte of the file belongs to one tensor.
/// No file, however broken, makes it reserve more memory than a small multiple of the header's size. What is not of the format is refused,
/// even where others let it pass: a name that stands there twice, a field that the format does not know. One thread at a time uses a
/// reader.
/// </remarks>
/// <example><code>
/// model.Save("model.safetensors");
/// using SafetensorsReader reader = SafetensorsReader.Open("model.safetensors");
/// foreach (SafetensorsEntry entry in reader.Tensors)
///     Console.WriteLine($"{entry.Name}: {entry.ElementType} {entry.Shape}");
/// Matrix&lt;float&gt; weights = reader.ReadMatrix&lt;float&gt;(reader.Find("dense1/weights")!);
/// </code></example>
public sealed class SafetensorsReader : IDisposable
{
    private readonly Stream _stream;
    private readonly bool _ownsStream;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafetensorsEntry> _byName = [];

    private SafetensorsReader(Stream stream, bool ownsStream, string source)
    {
        _stream = stream;
        _ownsStream = ownsStream;
        Source = source;
        long start = stream.Position, length = stream.Length - start;
        Span<byte> lengthBytes = stackalloc byte[sizeof(ulong)];
        if (length < sizeof(ulong))
        {
            throw new InvalidDataException(
                $"{source} is not a safetensors file: expected the eight bytes of the header's length; found {Math.Max(0, length)} bytes."
                + OtherFormat.Reader([], source));
        }
        ReadExactly(lengthBytes);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        ulong longest = (ulong)Math.Min(SafetensorsHeader.LongestLength, length - sizeof(ulong));
        if (headerLength > longest)
        {
            throw new InvalidDataException(
                $"{source} is not a safetensors file, or is cut short: with its {length} bytes, expected a header of at most {longest}; "
                + $"found {headerLength}.{OtherFormat.Reader(lengthBytes, source)}");
        }
        var json = new byte[headerLength];
        ReadExactly(json);
        _dataStart = start + sizeof(ulong) + (long)headerLength;
        SafetensorsHeader header = SafetensorsHeader.Parse(json, length - sizeof(ulong) - (long)headerLength, source);
        Tensors = header.Tensors;
        Metadata = header.Metadata;
        foreach (SafetensorsEntry entry in Tensors)
            _byName.Add(entry.Name, entry);
    }

    /// <summary>What it reads, for messages: the path between quotes, or the name that was given.</summary>
    public string Source { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public ValueList<SafetensorsEntry> Tensors { get; }

    /// <summary>The texts that go with them.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file; others may read it meanwhile, and replace it.</param>
    /// <exception cref="InvalidDataException">It is not such a file, or is damaged or cut short; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafetensorsReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OpenOwned(WholeFile.OpenRead(path), $"\"{path}\"");
    }

    /// <summary>Reads from where a stream stands to its end, and checks the header.</summary>
    /// <param name="stream">
    /// The stream, which stays the caller's, and open; used as long as the reader is. One that cannot seek is read to its end into memory.
    /// </param>
    /// <param name="name">What it is called in messages. Default: <c>the stream</c>.</param>
    /// <exception cref="InvalidDataException">
    /// What it holds is not of the format, or is damaged or cut short; the message says where.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsReader Open(Stream stream, string name = "the stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (stream.CanSeek)
            return new(stream, ownsStream: false, name);
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return OpenOwned(copy, name);
    }

    /// <summary>The tensor of a name; null where there is none.</summary>
    /// <param name="name">The name.</param>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a tensor's elements, row after row, the last axis contiguous.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>. F8_E4M3, F8_E5M2, F16, BF16 and F32 become
    /// either exactly, F64 a double.</typeparam>
    /// <param name="entry">The tensor, one of <see cref="Tensors"/>.</param>
    /// <param name="destination">Where to, as many elements as it has.</param>
    /// <param name="mayRound">Whether F64 may be rounded to float, to nearest. Default false.</param>
    /// <exception cref="InvalidDataException">
    /// Its elements are of another type, or would have to be rounded; one is beyond the range of <typeparamref name="T"/>, which is refused
    /// in any case; or the file was cut meanwhile.
    /// </exception>
    /// <exception cref="ArgumentException">The destination has another length, or the tensor is another file's.</exception>
    public void Read<T>(SafetensorsEntry entry, Span<T> destination, bool mayRound = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        Seek(entry);
        if (destination.Length != entry.Count)
        {
            throw new ArgumentException(
                $"{entry} has {entry.Count} elements; found a destination of {destination.Length}.", nameof(destination));
        }
        if (!ElementEncoding.IsReadable<T>(entry.ElementType, mayRound))
        {
            string fault = entry.ElementType == "F64" ? "to read F64 as float rounds it, which has to be allowed"
                : ElementEncoding.TypeOf(entry.ElementType) is null ? "expected a type that the library knows"
                : $"expected F64, F32, F16, BF16, F8_E4M3 or F8_E5M2; {nameof(ReadArray)} reads whole numbers";
            throw new InvalidDataException($"{Source}, tensor {entry}: {fault}.");
        }
        try
        {
            int tooLarge = ElementEncoding.Read(_stream, entry.ElementType, destination);
            if (tooLarge >= 0)
            {
                throw new InvalidDataException(
                    $"{Source}, tensor {entry}, element {tooLarge}: the number is finite and beyond the range of {TypeNames.Of<T>()}.");
            }
        }
        catch (EndOfStreamException exception)
        {
            throw CutShort(exception);
        }
    }

    /// <summary>Reads a tensor as a matrix: <c>[rows, columns]</c> as it is, <c>[columns]</c> as one row.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="entry">The tensor, one of <see cref="Tensors"/>.</param>
    /// <param name="mayRound">Whether F64 may be rounded to float, to nearest. Default false.</param>
    /// <returns>A matrix of the caller's own.</returns>
    /// <exception cref="InvalidDataException">
    /// It has other than one or two axes or more elements than a matrix can, or its elements are of another type or would have to be
    /// rounded.
    /// </exception>
    /// <exception cref="ArgumentException">The tensor is another file's.</exception>
    public Matrix<T> ReadMatrix<T>(SafetensorsEntry entry, bool mayRound = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Seek(entry);
        if (entry.Shape.Count is not (1 or 2) || entry.Count > Array.MaxLength / 2 || entry.Shape.Any(extent => extent > int.MaxValue)
            || !ElementEncoding.IsReadable<T>(entry.ElementType, mayRound))
        {
            throw new InvalidDataException(
                $"{Source}, tensor {entry}: expected one or two axes and numbers that are {ElementEncoding.NameOf<T>()}, or become so "
                + "exactly.");
        }
        var matrix = new Matrix<T>(entry.Shape.Count == 1 ? 1 : (int)entry.Shape[0], (int)entry.Shape[^1]);
        Read(entry, matrix.AsSpan(), mayRound);
        return matrix;
    }

    /// <summary>Reads a tensor of any number of axes with the elements that it has, whole numbers and truth values among them.</summary>
    /// <remarks>BF16, F8_E4M3 and F8_E5M2 become <see cref="float"/>, which is exact.</remarks>
    /// <param name="entry">The tensor, one of <see cref="Tensors"/>.</param>
    /// <exception cref="InvalidDataException">
    /// Its elements are of a type that the library does not know, there are more than an array can have, or the file was cut meanwhile.
    /// </exception>
    /// <exception cref="ArgumentException">The tensor is another file's.</exception>
    public NumericArray ReadArray(SafetensorsEntry entry)
    {
        Seek(entry);
        string source = $"{Source}, tensor {entry.Name}";
        NumericType type = ElementEncoding.TypeOf(entry.ElementType)
            ?? throw new InvalidDataException($"{Source}, tensor {entry}: expected a type that the library knows.");
        if (entry.Count * (Int128)NumericTypes.SizeOf(type) > Array.MaxLength || entry.Shape.Any(extent => extent > int.MaxValue))
        {
            throw new InvalidDataException(
                $"{source}: expected at most {Array.MaxLength} bytes of elements; found the shape {entry.Shape}.");
        }
        var bytes = new byte[entry.Count * NumericTypes.SizeOf(type)];
        if (bytes.Length != entry.Length)
        {
            Read<float>(entry, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
        }
        else
        {
            ReadExactly(bytes);
            if (!BitConverter.IsLittleEndian)
                NumericTypes.Reverse(bytes, NumericTypes.SizeOf(type));
        }
        return new(source, type, ValueList.Create<int>([.. entry.Shape.Select(extent => (int)extent)]), bytes);
    }

    /// <summary>Closes the file that <see cref="Open(string)"/> opened; a stream of the caller's stays open.</summary>
    public void Dispose()
    {
        if (_ownsStream)
            _stream.Dispose();
    }

    /// <summary>Adds the bytes of a tensor, as they stand in the file, to a hash.</summary>
    internal void AppendTo(IncrementalHash hash, SafetensorsEntry entry)
    {
        Seek(entry);
        Span<byte> buffer = new byte[(int)Math.Min(64 * 1024, entry.Length)];
        for (long left = entry.Length; left > 0; left -= buffer.Length)
        {
            buffer = buffer[..(int)Math.Min(buffer.Length, left)];
            ReadExactly(buffer);
            hash.AppendData(buffer);
        }
    }

    /// <summary>What <see cref="SafetensorsWriter.Checksum"/> gave before the text that holds it was added.</summary>
    /// <param name="exceptKey">The key of that text.</param>
    internal string Checksum(string exceptKey)
    {
        using var checksum = new TensorChecksum(Metadata.Where(text => text.Key != exceptKey));
        foreach (SafetensorsEntry entry in Tensors.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            AppendTo(checksum.Begin(entry.Name, entry.ElementType, entry.Shape.AsSpan()), entry);
        return checksum.Take();
    }

    private static SafetensorsReader OpenOwned(Stream stream, string name)
    {
        try
        {
            return new(stream, ownsStream: true, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private void Seek(SafetensorsEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!ReferenceEquals(Find(entry.Name), entry))
            throw new ArgumentException($"{entry} is not a tensor of {Source}.", nameof(entry));
        _stream.Position = _dataStart + entry.Offset;
    }

    private void ReadExactly(Span<byte> bytes)
    {
        try
        {
            _stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException exception)
        {
            throw CutShort(exception);
        }
    }

    private InvalidDataException CutShort(EndOfStreamException exception) =>
        new($"{Source} was cut short while it was being read.", exception);
}
