using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepLearn.Tensors.Files;

/// <summary>Elements of any type as floats or doubles.</summary>
internal static class NumericConversion
{
    /// <summary>Converts elements.</summary>
    /// <param name="source">The elements, in the byte order of the machine.</param>
    /// <param name="type">Their type.</param>
    /// <param name="destination">As many numbers.</param>
    /// <param name="mayRound">Whether what is not exact is rounded to nearest.</param>
    /// <returns>The first element that cannot be converted; -1 where there is none.</returns>
    public static int Convert<T>(ReadOnlySpan<byte> source, NumericType type, Span<T> destination, bool mayRound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (type)
        {
            case NumericType.Boolean or NumericType.UInt8:
                return Each<byte, T>(source, destination, mayRound);
            case NumericType.Int8:
                return Each<sbyte, T>(source, destination, mayRound);
            case NumericType.UInt16:
                return Each<ushort, T>(source, destination, mayRound);
            case NumericType.Int16:
                return Each<short, T>(source, destination, mayRound);
            case NumericType.UInt32:
                return Each<uint, T>(source, destination, mayRound);
            case NumericType.Int32:
                return Each<int, T>(source, destination, mayRound);
            case NumericType.UInt64:
                return Each<ulong, T>(source, destination, mayRound);
            case NumericType.Int64:
                return Each<long, T>(source, destination, mayRound);
            case NumericType.Float16:
                return Each<Half, T>(source, destination, mayRound);
            case NumericType.Float32:
                return Each<float, T>(source, destination, mayRound);
            default:
                return Each<double, T>(source, destination, mayRound);
        }
    }

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

            // A finite number that becomes infinite is no rounding; a NaN is equal to nothing, and exact.
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

        // Back and forth: a whole number that was rounded up beyond its type's range saturates, and would seem the same.
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
