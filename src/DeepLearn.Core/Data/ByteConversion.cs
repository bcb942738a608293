using System.Numerics;

namespace DeepLearn.Data;

/// <summary>Bytes to floating point, scaled and shifted in the same pass.</summary>
internal static class ByteConversion
{
    /// <summary><c>destination = fma(source, scale, offset)</c>, element by element, rounded once.</summary>
    public static void Convert<T>(ReadOnlySpan<byte> source, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        scale = scale[..source.Length];
        offset = offset[..source.Length];
        destination = destination[..source.Length];
        for (int i = 0; i < source.Length; i++)
            destination[i] = T.FusedMultiplyAdd(T.CreateTruncating(source[i]), scale[i], offset[i]);
    }

    /// <summary><c>destination = source</c>, element by element.</summary>
    public static void Convert<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        destination = destination[..source.Length];
        for (int i = 0; i < source.Length; i++)
            destination[i] = T.CreateTruncating(source[i]);
    }
}
