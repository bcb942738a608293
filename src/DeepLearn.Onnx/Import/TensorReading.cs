using System.Buffers.Binary;
using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// Reads a tensor's numbers, in whichever field of the file they are. Its extents are trusted only if the file has as many elements.
/// </summary>
/// <param name="external">Finds data that is in other files.</param>
/// <param name="roundsDoubles">Whether numbers of 64 bits may lose digits.</param>
/// <param name="holdsDoubles">Whether the model holds numbers of 64 bits.</param>
internal sealed class TensorReading(ExternalData external, bool roundsDoubles, bool holdsDoubles)
{
    /// <summary>How many elements have been read.</summary>
    public long Elements { get; private set; }

    /// <summary>Whether a tensor holds whole numbers, as shapes and axes are given.</summary>
    public static bool IsWhole(TensorMessage tensor) => tensor.Type is ElementType.Int64 or ElementType.Int32;

    /// <summary>How many elements the file has for a tensor; 0 where they are in another file.</summary>
    public static long CountHeld(TensorMessage tensor) => tensor.Floats?.Count ?? tensor.Doubles?.Count ?? tensor.Numbers?.Count
        ?? (SizeOf(tensor.Type) is > 0 and int size ? tensor.Raw.Length / size : 0);

    /// <summary>Numbers.</summary>
    public Tensor Read(TensorMessage tensor)
    {
        int[] extents = ExtentsOf(tensor);
        int count = CountOf(tensor, extents);
        var elements = new double[count];
        Elements += count;
        switch (tensor.Type)
        {
            case ElementType.Float when tensor.Floats is { } floats:
                for (int i = 0; i < count; i++)
                    elements[i] = floats[i];
                break;
            case ElementType.Double when tensor.Doubles is { } doubles:
                for (int i = 0; i < count; i++)
                    elements[i] = doubles[i];
                break;
            case ElementType.Half when tensor.Numbers is { } bits:
                for (int i = 0; i < count; i++)
                    elements[i] = (double)BitConverter.UInt16BitsToHalf((ushort)bits[i]);
                break;
            case ElementType.BFloat16 when tensor.Numbers is { } bits:
                for (int i = 0; i < count; i++)
                    elements[i] = BitConverter.UInt32BitsToSingle((uint)(ushort)bits[i] << 16);
                break;
            default:
                FromBytes(tensor.Type, BytesOf(tensor), elements);
                break;
        }
        if (tensor.Type == ElementType.Double && !holdsDoubles && !roundsDoubles)
            RequireFloats(tensor, elements);
        return new(extents, elements);
    }

    /// <summary>Whole numbers.</summary>
    public Integers ReadWhole(TensorMessage tensor)
    {
        int[] extents = ExtentsOf(tensor);
        if (extents.Length > 1)
        {
            throw new OnnxUnsupportedException(
                $"Tensor '{tensor.Name}': expected whole numbers in at most one axis; found {Text(extents)}.");
        }
        int count = CountOf(tensor, extents);
        var elements = new long?[count];
        if (tensor.Numbers is { } numbers)
        {
            for (int i = 0; i < count; i++)
                elements[i] = numbers[i];
            return new(elements, extents.Length == 0);
        }
        ReadOnlySpan<byte> bytes = BytesOf(tensor).Span;
        for (int i = 0; i < count; i++)
        {
            elements[i] = tensor.Type == ElementType.Int64
                ? BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..])
                : BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        }
        return new(elements, extents.Length == 0);
    }

    private static int SizeOf(ElementType type) => type switch
    {
        ElementType.Half or ElementType.BFloat16 => 2,
        ElementType.Float or ElementType.Int32 => 4,
        ElementType.Double or ElementType.Int64 => 8,
        _ => 0,
    };

    private static int[] ExtentsOf(TensorMessage tensor)
    {
        if (SizeOf(tensor.Type) == 0)
        {
            throw new OnnxUnsupportedException(
                $"Tensor '{tensor.Name}': expected elements of type Float, Double, Half, BFloat16, Int64 or Int32; found {tensor.Type}.");
        }
        if (tensor.IsSegment)
            throw new OnnxUnsupportedException($"Tensor '{tensor.Name}' is one part of a tensor; expected a whole one.");
        var extents = new int[tensor.Extents.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = tensor.Extents[i] is >= 0 and <= int.MaxValue
                ? (int)tensor.Extents[i]
                : throw new InvalidDataException($"Tensor '{tensor.Name}': expected extents of at least 0; found {tensor.Extents[i]}.");
        }
        return extents;
    }

    private int CountOf(TensorMessage tensor, int[] extents)
    {
        long found = tensor.IsExternal ? BytesOf(tensor).Length / SizeOf(tensor.Type)
            : tensor.Floats?.Count ?? tensor.Doubles?.Count ?? tensor.Numbers?.Count ?? (tensor.Raw.Length / SizeOf(tensor.Type));
        long count = 1;
        foreach (int extent in extents)
        {
            count *= extent;
            if (count > found)
                break;
        }
        return count == found
            ? (int)count
            : throw new InvalidDataException($"Tensor '{tensor.Name}' is {Text(extents)}; found {found} elements of type {tensor.Type}.");
    }

    private ReadOnlyMemory<byte> BytesOf(TensorMessage tensor)
    {
        ReadOnlyMemory<byte> bytes = tensor.IsExternal ? external.Read(tensor) : tensor.Raw;
        return bytes.Length % SizeOf(tensor.Type) == 0
            ? bytes
            : throw new InvalidDataException(
                $"Tensor '{tensor.Name}': expected whole elements of {SizeOf(tensor.Type)} bytes; found {bytes.Length} bytes.");
    }

    private static void FromBytes(ElementType type, ReadOnlyMemory<byte> data, double[] elements)
    {
        ReadOnlySpan<byte> bytes = data.Span;
        if (bytes.Length != elements.Length * SizeOf(type))
            throw new InvalidDataException($"Expected {elements.Length} elements of type {type}; found {bytes.Length} bytes.");
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = type switch
            {
                ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                ElementType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                ElementType.Half => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                ElementType.BFloat16 => BitConverter.UInt32BitsToSingle(
                    (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
                ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]),
                _ => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
            };
        }
    }

    private static void RequireFloats(TensorMessage tensor, double[] elements)
    {
        foreach (double element in elements)
        {
            if ((float)element != element && !double.IsNaN(element))
            {
                throw new OnnxUnsupportedException(
                    $"Tensor '{tensor.Name}' holds numbers of 64 bits, such as {element:r}, which float would round. Load<double> holds "
                    + $"them, and {nameof(OnnxImportOptions)}.{nameof(OnnxImportOptions.MayRound)} rounds them.");
            }
        }
    }

    private static string Text(int[] extents) => $"[{string.Join(", ", extents)}]";
}
