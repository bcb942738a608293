using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels;

public static partial class VectorMath
{
    /// <summary>The hyperbolic tangent over lanes; see <see cref="Tanh{T}(T)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    [MethodImpl(Inline)]
    public static TLanes Tanh<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // m / (m + 2) with m = e^(2|x|) - 1, which keeps all digits of a small x. Above 9.1 (19.1 in double) the result is 1.
        TLanes magnitude = LaneMath.Abs<TLanes, T>(x);
        TLanes clamped = TLanes.AtMost(magnitude, Choose<TLanes, T>(10, 20));
        TLanes p = ReducedExpm1<TLanes, T>(clamped + clamped, out _, out TLanes bits);
        TLanes scale = PowerOfTwo<TLanes, T>(bits);
        TLanes m = TLanes.FusedMultiplyAdd(scale, p, scale - LaneMath.Constant<TLanes, T>(1));
        return LaneMath.WithSign<TLanes, T>(m / (m + LaneMath.Constant<TLanes, T>(2)), x);
    }

    /// <summary>1 / (1 + e^-x) over lanes; see <see cref="Sigmoid{T}(T)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    [MethodImpl(Inline)]
    public static TLanes Sigmoid<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // With e = e^-|x|: 1 / (1 + e) for a positive x, e / (1 + e) for a negative one. Neither overflows.
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        TLanes e = ExpOfMinusAbs<TLanes, T>(x);
        return TLanes.SelectLess(x, default, e, one) / (one + e);
    }

    /// <summary>log(1 + e^x) over lanes; see <see cref="Softplus{T}(T)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    [MethodImpl(Inline)]
    public static TLanes Softplus<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes tail = Log1pOfFraction<TLanes, T>(ExpOfMinusAbs<TLanes, T>(x));
        return TLanes.AtLeast(x, default) + tail;
    }

    /// <summary>e^-|x|.</summary>
    [MethodImpl(Inline)]
    internal static TLanes ExpOfMinusAbs<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ExpBelowOverflow<TLanes, T>(x | LaneMath.Bits<TLanes, T>(0x80000000, 0x8000000000000000));
}
