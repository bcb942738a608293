using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepLearn.Tensors.Files;

/// <summary>The types of elements that the format has, and how those that are numbers with a point are read and written.</summary>
internal static class ElementEncoding
{
    private const int Chunk = 16 * 1024;

    /// <summary>The bytes of an element; 0 where the type is not known, or has elements of less than a byte.</summary>
    public static int SizeOf(string elementType) => elementType switch
    {
        "F64" or "I64" or "U64" or "C64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 1,
        _ => 0,
    };

    /// <summary>The format's name of a type that the library computes in.</summary>
    public static string NameOf<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float) ? "F32" : "F64";

    /// <summary>Whether elements of a type can be read as <typeparamref name="T"/>, exactly or, where that is allowed, rounded.</summary>
    public static bool IsReadable<T>(string elementType, bool mayRound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => elementType switch
        {
            "F32" or "F16" or "BF16" or "F8_E4M3" or "F8_E5M2" => true,
            "F64" => mayRound || typeof(T) == typeof(double),
            _ => false,
        };

    /// <summary>The type that elements are read as they are, or become exactly; nothing where it is not known.</summary>
    public static NumericType? TypeOf(string elementType) => elementType switch
    {
        "BOOL" => NumericType.Boolean,
        "U8" => NumericType.UInt8,
        "I8" => NumericType.Int8,
        "U16" => NumericType.UInt16,
        "I16" => NumericType.Int16,
        "U32" => NumericType.UInt32,
        "I32" => NumericType.Int32,
        "U64" => NumericType.UInt64,
        "I64" => NumericType.Int64,
        "F16" => NumericType.Float16,
        "F32" or "BF16" or "F8_E4M3" or "F8_E5M2" => NumericType.Float32,
        "F64" => NumericType.Float64,
        _ => null,
    };

    /// <summary>Reads elements from a stream.</summary>
    /// <returns>The first finite element that is beyond the range of <typeparamref name="T"/>; -1 where there is none.</returns>
    /// <exception cref="EndOfStreamException">The stream has fewer.</exception>
    public static int Read<T>(Stream stream, string elementType, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool asTheyAre = elementType == NameOf<T>() && BitConverter.IsLittleEndian;
        int size = SizeOf(elementType);
        byte[] buffer = asTheyAre ? [] : new byte[size * Math.Min(Chunk, destination.Length)];
        for (int first = 0; first < destination.Length; first += Chunk)
        {
            Span<T> some = destination.Slice(first, Math.Min(Chunk, destination.Length - first));
            if (asTheyAre)
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(some));
                continue;
            }
            Span<byte> bytes = buffer.AsSpan(0, size * some.Length);
            stream.ReadExactly(bytes);
            Decode(bytes, elementType, some);
            int tooLarge = elementType == "F64" && typeof(T) == typeof(float) ? FirstTooLarge(bytes, some) : -1;
            if (tooLarge >= 0)
                return first + tooLarge;
        }
        return -1;
    }

    /// <summary>Writes elements to a stream.</summary>
    public static unsafe void Write<T>(ReadOnlySpan<T> elements, Stream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte[] buffer = BitConverter.IsLittleEndian ? [] : new byte[sizeof(T) * Math.Min(Chunk, elements.Length)];
        for (int first = 0; first < elements.Length; first += Chunk)
        {
            ReadOnlySpan<T> some = elements.Slice(first, Math.Min(Chunk, elements.Length - first));
            if (BitConverter.IsLittleEndian)
            {
                stream.Write(MemoryMarshal.AsBytes(some));
                continue;
            }
            Span<byte> bytes = buffer.AsSpan(0, sizeof(T) * some.Length);
            MemoryMarshal.AsBytes(some).CopyTo(bytes);
            for (int i = 0; i < some.Length; i++)
                bytes.Slice(i * sizeof(T), sizeof(T)).Reverse();
            stream.Write(bytes);
        }
    }

    // Each of these is exact, but F64 to float, which rounds to nearest.
    private static void Decode<T>(ReadOnlySpan<byte> bytes, string elementType, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (elementType)
        {
            case "F64":
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = OfDouble<T>(BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * 8)..]));
                break;
            case "F32":
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = OfSingle<T>(BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]));
                break;
            case "F8_E5M2":
                // The upper half of an F16.
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = OfSingle<T>((float)BitConverter.UInt16BitsToHalf((ushort)(bytes[i] << 8)));
                break;
            case "F8_E4M3":
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = OfSingle<T>(OfE4M3(bytes[i]));
                break;
            case "F16":
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = OfSingle<T>((float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * 2)..]));
                break;
            default:
                // BF16 is the upper half of a float.
                for (int i = 0; i < destination.Length; i++)
                {
                    uint upper = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]);
                    destination[i] = OfSingle<T>(BitConverter.UInt32BitsToSingle(upper << 16));
                }
                break;
        }
    }

    /// <summary>
    /// A sign, four bits of an exponent with a bias of 7, three of a mantissa; NaN where all but the sign are 1, and no infinity
    /// (Micikevicius and others, "FP8 Formats for Deep Learning", 2022).
    /// </summary>
    private static float OfE4M3(byte bits)
    {
        int exponent = (bits >> 3) & 15, mantissa = bits & 7;
        float magnitude = (bits & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? mantissa / 512f
            : BitConverter.Int32BitsToSingle(((exponent + 120) << 23) | (mantissa << 20));
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }

    private static int FirstTooLarge<T>(ReadOnlySpan<byte> doubles, ReadOnlySpan<T> rounded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rounded.Length; i++)
        {
            if (T.IsInfinity(rounded[i]) && double.IsFinite(BinaryPrimitives.ReadDoubleLittleEndian(doubles[(i * 8)..])))
                return i;
        }
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfSingle<T>(float value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(value) : Unsafe.BitCast<double, T>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfDouble<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(value) : Unsafe.BitCast<float, T>((float)value);
}
