using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DeepLearn.Data;

/// <summary>Converts between <see cref="float"/> and <see cref="double"/>.</summary>
internal static class PrecisionConversion
{
    /// <summary>Converts numbers: float to double exactly, double to float rounded once, to nearest.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">As many numbers.</param>
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(destination);
        else
            TensorPrimitives.ConvertTruncating(source, destination);
    }
}
