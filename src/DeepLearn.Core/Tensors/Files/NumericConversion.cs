using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepLearn.Tensors.Files;

/// <summary>Converts elements of any type to floats or doubles.</summary>
internal static class NumericConversion
{
    /// <summary>Converts elements to a precision.</summary>
    /// <param name="source">The elements, in the byte order of the machine.</param>
    /// <param name="type">Their type.</param>
    /// <param name="destination">As many numbers.</param>
    /// <param name="mayRound">Whether what is not exact is rounded to nearest.</param>
    /// <returns>The first element that cannot be converted; -1 if there is none.</returns>
    public static int Convert<T>(ReadOnlySpan<byte> source, NumericType type, Span<T> destination, bool mayRound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => type switch
        {
            NumericType.Boolean or NumericType.UInt8 => Each<byte, T>(source, destination, mayRound),
            NumericType.Int8 => Each<sbyte, T>(source, destination, mayRound),
            NumericType.UInt16 => Each<ushort, T>(source, destination, mayRound),
            NumericType.Int16 => Each<short, T>(source, destination, mayRound),
            NumericType.UInt32 => Each<uint, T>(source, destination, mayRound),
            NumericType.Int32 => Each<int, T>(source, destination, mayRound),
            NumericType.UInt64 => Each<ulong, T>(source, destination, mayRound),
            NumericType.Int64 => Each<long, T>(source, destination, mayRound),
            NumericType.Float16 => Each<Half, T>(source, destination, mayRound),
            NumericType.Float32 => Each<float, T>(source, destination, mayRound),
            _ => Each<double, T>(source, destination, mayRound),
        };

    private static int Each<TSource, T>(ReadOnlySpan<byte> source, Span<T> destination, bool mayRound)
        where TSource : unmanaged, INumberBase<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<TSource> elements = MemoryMarshal.Cast<byte, TSource>(source);
        if (typeof(TSource) == typeof(T))
        {
            source.CopyTo(MemoryMarshal.AsBytes(destination));
            return -1;
        }
        for (int i = 0; i < destination.Length; i++)
        {
            T value = T.CreateTruncating(elements[i]);
            destination[i] = value;

            // A finite number that becomes infinite is an error, not a rounding. NaN counts as exact.
            if (T.IsInfinity(value) ? TSource.IsFinite(elements[i]) : !mayRound && !IsExact(elements[i], value))
                return i;
        }
        return -1;
    }

    private static bool IsExact<TSource, T>(TSource element, T value)
        where TSource : unmanaged, INumberBase<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(value))
            return true;

        // Exact if converting back gives the same number. An integer that was rounded up beyond its type's range would saturate on the way
        // back and seem the same.
        if (typeof(TSource) == typeof(long) && value >= T.CreateTruncating(9223372036854775808.0))
            return false;
        if (typeof(TSource) == typeof(ulong) && value >= T.CreateTruncating(18446744073709551616.0))
            return false;
        if (typeof(TSource) == typeof(int) && value >= T.CreateTruncating(2147483648.0))
            return false;
        if (typeof(TSource) == typeof(uint) && value >= T.CreateTruncating(4294967296.0))
            return false;
        return TSource.CreateSaturating(value) == element;
    }
}
