using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Simd;

/// <summary>Functions made of the operations of <see cref="ILanes{TSelf, T}"/>, written once for all widths.</summary>
public static class LaneMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>A constant in every lane, rounded if T is <see cref="float"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The number.</param>
    [MethodImpl(Inline)]
    public static TLanes Constant<TLanes, T>(double value)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.Create(typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value));

    /// <summary>The same bits in every lane.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="single">The bits if T is <see cref="float"/>.</param>
    /// <param name="wide">The bits if T is <see cref="double"/>.</param>
    [MethodImpl(Inline)]
    public static TLanes Bits<TLanes, T>(uint single, ulong wide)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.Create(typeof(T) == typeof(float) ? Unsafe.BitCast<uint, T>(single) : Unsafe.BitCast<ulong, T>(wide));

    /// <summary>|x|. The sign bit is cleared, even of zeros and NaN.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    [MethodImpl(Inline)]
    public static TLanes Abs<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x & Bits<TLanes, T>(0x7FFFFFFF, 0x7FFFFFFFFFFFFFFF);

    /// <summary>-x. The sign bit is flipped, even of zeros and NaN.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    [MethodImpl(Inline)]
    public static TLanes Negate<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x ^ Bits<TLanes, T>(0x80000000, 0x8000000000000000);

    /// <summary>The magnitude of one number with the sign of another.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="magnitude">Numbers whose sign bit is clear.</param>
    /// <param name="sign">The numbers whose sign bits are taken.</param>
    [MethodImpl(Inline)]
    public static TLanes WithSign<TLanes, T>(TLanes magnitude, TLanes sign)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => magnitude | (sign & Bits<TLanes, T>(0x80000000, 0x8000000000000000));

    /// <summary>The mask whose first few lanes are true.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="count">The number of lanes.</param>
    [MethodImpl(Inline)]
    public static TLanes First<TLanes, T>(int count)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Integers compare faster, and the mask is then the same as that of a partial load beside it.
        if (typeof(TLanes) == typeof(Lanes512<T>))
        {
            return typeof(T) == typeof(float)
                ? Unsafe.BitCast<Vector512<uint>, TLanes>(PartialMask.First512((uint)count))
                : Unsafe.BitCast<Vector512<ulong>, TLanes>(PartialMask.First512((ulong)count));
        }
        if (typeof(TLanes) == typeof(Lanes256<T>))
        {
            return typeof(T) == typeof(float)
                ? Unsafe.BitCast<Vector256<uint>, TLanes>(PartialMask.First256((uint)count))
                : Unsafe.BitCast<Vector256<ulong>, TLanes>(PartialMask.First256((ulong)count));
        }
        TLanes positions = typeof(T) == typeof(float)
            ? TLanes.Load(in Unsafe.As<float, T>(ref MemoryMarshal.GetReference(Positions32)))
            : TLanes.Load(in Unsafe.As<double, T>(ref MemoryMarshal.GetReference(Positions64)));
        return positions < Constant<TLanes, T>(count);
    }

    private static ReadOnlySpan<float> Positions32 => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    private static ReadOnlySpan<double> Positions64 => [0, 1, 2, 3, 4, 5, 6, 7];
}
