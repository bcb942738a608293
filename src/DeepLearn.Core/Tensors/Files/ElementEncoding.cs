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
            "F32" or "F16" or "BF16" => true,
            "F64" => mayRound || typeof(T) == typeof(double),
            _ => false,
        };

    /// <summary>Reads elements from a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer.</exception>
    public static void Read<T>(Stream stream, string elementType, Span<T> destination)
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
        }
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfSingle<T>(float value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(value) : Unsafe.BitCast<double, T>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfDouble<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(value) : Unsafe.BitCast<float, T>((float)value);
}
