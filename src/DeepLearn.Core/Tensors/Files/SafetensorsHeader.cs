using System.Text.Json;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// What the header of a safetensors file says, once all of it has been checked: JSON of the form <c>{"__metadata__": {"key": "text"},
/// "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}</c>.
/// </summary>
/// <param name="Tensors">The tensors in the order of their bytes.</param>
/// <param name="Metadata">The texts that go with them, in order.</param>
internal sealed record SafetensorsHeader(ValueList<SafetensorsEntry> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The key of the texts among the names of tensors.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>The most bytes that a header may have, as in the format's reference implementation.</summary>
    public const int LongestLength = 100_000_000;

    /// <summary>Parses a header and checks it against the number of bytes that follow.</summary>
    /// <param name="json">The header.</param>
    /// <param name="dataLength">The number of bytes after it.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InvalidDataException">Something is wrong with it.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new InvalidDataException(
                $"{source} is not a safetensors file: its header begins with a brace; found another byte, or none.");
        }
        var entries = new List<SafetensorsEntry>();
        Dictionary<string, string>? metadata = null;
        try
        {
            // A file's beginning, a tensor or the texts, and an array.
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 3 });
            var names = new HashSet<string>();
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!names.Add(name))
                    throw new InvalidDataException($"{source}: a header names everything once; found \"{name}\" twice.");
                if (name == MetadataKey)
                    metadata = ReadMetadata(ref reader, source);
                else
                    entries.Add(ReadEntry(ref reader, name, source));
            }

            // What follows the object can only be white space, or this throws.
            while (reader.Read())
            {
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{source}: the header is not the JSON that it should be: {exception.Message}", exception);
        }
        SafetensorsEntry[] ordered = [.. entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length)];
        CheckLayout(ordered, dataLength, source);
        return new(ValueList.Create<SafetensorsEntry>(ordered), metadata ?? []);
    }

    private static Dictionary<string, string> ReadMetadata(ref Utf8JsonReader reader, string source)
    {
        Require(ref reader, JsonTokenType.StartObject, MetadataKey, source);
        var metadata = new Dictionary<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Require(ref reader, JsonTokenType.String, $"{MetadataKey} \"{key}\"", source);
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new InvalidDataException($"{source}: {MetadataKey} has every key once; found \"{key}\" twice.");
        }
        return metadata;
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string source)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        Require(ref reader, JsonTokenType.StartObject, $"tensor {name}", source);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            bool isNew = field switch { "dtype" => type is null, "shape" => shape is null, "data_offsets" => offsets is null, _ => false };
            if (!isNew)
            {
                throw new InvalidDataException(
                    $"{source}, tensor {name}: expected dtype, shape and data_offsets, each once; found \"{field}\" besides.");
            }
            if (field == "dtype")
            {
                Require(ref reader, JsonTokenType.String, $"the dtype of tensor {name}", source);
                type = reader.GetString()!;
            }
            else if (field == "shape")
            {
                shape = ReadNumbers(ref reader, $"the shape of tensor {name}", source);
            }
            else
            {
                offsets = ReadNumbers(ref reader, $"the data_offsets of tensor {name}", source);
            }
        }
        if (type is null || shape is null || offsets is not [long begin, long end])
        {
            string found = type is null ? "no dtype"
                : shape is null ? "no shape"
                : offsets is null ? "no data_offsets"
                : $"{offsets.Length} data_offsets";
            throw new InvalidDataException($"{source}, tensor {name}: expected dtype, shape and two data_offsets; found {found}.");
        }
        int size = ElementEncoding.SizeOf(type);
        if (end < begin)
            throw new InvalidDataException($"{source}, tensor {name}: its bytes end after they begin; found {begin} to {end}.");

        // Of a type that is not known, or whose elements are smaller than a byte, the file alone knows the length.
        long length = size == 0 ? end - begin : LengthOf(shape, size);
        if (length != end - begin)
        {
            string expected = length < 0 ? "more bytes than a file can have" : $"{length} bytes";
            throw new InvalidDataException(
                $"{source}, tensor {name}: {type} {ValueList.Create<long>(shape)} takes {expected}; found data_offsets {begin} to {end}, "
                + $"{end - begin} bytes.");
        }
        return new(name, type, ValueList.Create<long>(shape), begin, length);
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string what, string source)
    {
        Require(ref reader, JsonTokenType.StartArray, what, source);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || reader.ValueSpan[0] == (byte)'-')
            {
                throw new InvalidDataException(
                    $"{source}: {what} are whole numbers from 0 to {long.MaxValue}; found something else at byte {reader.TokenStartIndex} "
                    + "of the header.");
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static void Require(ref Utf8JsonReader reader, JsonTokenType token, string what, string source)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            string expected = token switch
            { JsonTokenType.StartObject => "an object", JsonTokenType.StartArray => "an array", _ => "a text" };
            throw new InvalidDataException(
                $"{source}: {what} is {expected}; found something else at byte {reader.TokenStartIndex} of the header.");
        }
    }

    /// <summary>The bytes of a tensor; -1 where there would be more than a file can have.</summary>
    private static long LengthOf(ReadOnlySpan<long> shape, int size)
    {
        if (shape.Contains(0))
            return 0;
        UInt128 length = (UInt128)size;
        foreach (long extent in shape)
        {
            length *= (UInt128)extent;
            if (length > long.MaxValue)
                return -1;
        }
        return (long)length;
    }

    /// <summary>Each byte after the header belongs to one tensor.</summary>
    private static void CheckLayout(ReadOnlySpan<SafetensorsEntry> ordered, long dataLength, string source)
    {
        long end = 0;
        string before = "the header";
        foreach (SafetensorsEntry entry in ordered)
        {
            if (entry.Offset != end)
            {
                throw new InvalidDataException(
                    $"{source}, tensor {entry.Name}: its bytes begin where those of {before} end, at {end}; found {entry.Offset}, "
                    + $"{(entry.Offset < end ? "so that they overlap" : "which leaves a hole")}.");
            }
            if (entry.Length > dataLength - entry.Offset)
            {
                throw new InvalidDataException(
                    $"{source}, tensor {entry.Name}: expected {entry.Length} bytes at {entry.Offset} after the header; the file is cut "
                    + $"short there, with {dataLength - entry.Offset} left.");
            }
            end += entry.Length;
            before = entry.Name;
        }
        if (end != dataLength)
            throw new InvalidDataException($"{source}: expected {end} bytes after the header, where {before} ends; found {dataLength}.");
    }
}
