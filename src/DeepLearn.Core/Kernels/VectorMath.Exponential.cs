using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels;

public static partial class VectorMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>e^x over lanes; see <see cref="Exp{T}(T)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The exponents.</param>
    [MethodImpl(Inline)]
    public static TLanes Exp<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        x = TLanes.AtMost(x, Choose<TLanes, T>(89, 710));
        return ExpBelowOverflow<TLanes, T>(x);
    }

    /// <summary>e^x - 1 over lanes; see <see cref="Expm1{T}(T)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The exponents.</param>
    [MethodImpl(Inline)]
    public static TLanes Expm1<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes half = LaneMath.Constant<TLanes, T>(0.5);
        TLanes clamped = TLanes.AtMost(x, Choose<TLanes, T>(89, 710));
        clamped = TLanes.AtLeast(clamped, Choose<TLanes, T>(-20, -45));
        TLanes p = ReducedExpm1<TLanes, T>(clamped, out _, out TLanes bits);

        // Half of 2^n p + (2^n - 1), so that n = 128 (1024 in double) does not overflow too early. Halving would cost the smallest
        // subnormals their last bit, and the sum would cost a zero its sign; for such small x the result is x itself.
        TLanes scale = PowerOfTwo<TLanes, T>(TLanes.SubtractBits(bits, LaneMath.Bits<TLanes, T>(1, 1)));
        TLanes result = TLanes.FusedMultiplyAdd(scale, p, scale - half);
        result += result;
        return TLanes.SelectLess(LaneMath.Abs<TLanes, T>(x), Choose<TLanes, T>(2e-8, 5e-17), x, result);
    }

    /// <summary>e^x for an x that is at most 89 (710 in double) or NaN.</summary>
    [MethodImpl(Inline)]
    internal static TLanes ExpBelowOverflow<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        x = TLanes.AtLeast(x, Choose<TLanes, T>(-105, -746));
        TLanes p = ReducedExpm1<TLanes, T>(x, out TLanes n, out TLanes bits) + LaneMath.Constant<TLanes, T>(1);
        if (typeof(TLanes) == typeof(Lanes512<T>) && Avx512F.IsSupported)
            return ScaleByPowerOfTwo<TLanes, T>(p, n);

        // 2^n as two factors, since n exceeds the exponents of normal numbers at both ends. The first product is exact, so a subnormal
        // result is rounded once.
        TLanes halfBits = TLanes.FusedMultiplyAdd(n, LaneMath.Constant<TLanes, T>(0.5), Choose<TLanes, T>(Magic32, Magic64));
        return p * PowerOfTwo<TLanes, T>(halfBits) * PowerOfTwo<TLanes, T>(TLanes.SubtractBits(bits, halfBits));
    }

    /// <summary>
    /// e^r - 1, where x = n ln 2 + r and |r| is at most ln 2 / 2. The lowest bits of <paramref name="bits"/> are the integer n.
    /// </summary>
    [MethodImpl(Inline)]
    internal static TLanes ReducedExpm1<TLanes, T>(TLanes x, out TLanes n, out TLanes bits)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Adding 1.5 * 2^23 (1.5 * 2^52 in double) rounds to an integer and leaves it in the lowest bits.
        TLanes magic = Choose<TLanes, T>(Magic32, Magic64);
        bits = TLanes.FusedMultiplyAdd(x, LaneMath.Constant<TLanes, T>(1.4426950408889634), magic);
        n = bits - magic;
        TLanes r = TLanes.FusedMultiplyAdd(n, LaneMath.Constant<TLanes, T>(-Ln2), x);
        r = TLanes.FusedMultiplyAdd(n, Choose<TLanes, T>(-Ln2Rest32, -Ln2Rest64), r);

        // Minimax polynomials for (e^r - 1 - r) / r^2, found for this library with Remez's algorithm; relative to e^r - 1 their errors are
        // 2^-28.7 in float and 2^-59.6 in double.
        TLanes q;
        if (typeof(T) == typeof(float))
        {
            q = LaneMath.Constant<TLanes, T>(0.00019912417337764055);
            q = Step<TLanes, T>(q, r, 0.0013940646313130856);
            q = Step<TLanes, T>(q, r, 0.008333276025950909);
            q = Step<TLanes, T>(q, r, 0.041666362434625626);
            q = Step<TLanes, T>(q, r, 0.1666666716337204);
        }
        else
        {
            q = LaneMath.Constant<TLanes, T>(2.0923300568046226e-09);
            q = Step<TLanes, T>(q, r, 2.5108852790343288e-08);
            q = Step<TLanes, T>(q, r, 2.7557246239819115e-07);
            q = Step<TLanes, T>(q, r, 2.7557244780009713e-06);
            q = Step<TLanes, T>(q, r, 2.480158735670959e-05);
            q = Step<TLanes, T>(q, r, 0.0001984126988550571);
            q = Step<TLanes, T>(q, r, 0.0013888888888868704);
            q = Step<TLanes, T>(q, r, 0.008333333333321905);
            q = Step<TLanes, T>(q, r, 0.0416666666666667);
            q = Step<TLanes, T>(q, r, 0.16666666666666677);
        }
        q = Step<TLanes, T>(q, r, 0.5);
        return TLanes.FusedMultiplyAdd(r * r, q, r);
    }

    /// <summary>2^n, a normal number, from bits whose lowest ones are n.</summary>
    [MethodImpl(Inline)]
    internal static TLanes PowerOfTwo<TLanes, T>(TLanes bits)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.AddBits(TLanes.ShiftLeft(bits, typeof(T) == typeof(float) ? 23 : 52), LaneMath.Constant<TLanes, T>(1));

    /// <summary>sum * x + coefficient: one step of Horner's rule.</summary>
    [MethodImpl(Inline)]
    internal static TLanes Step<TLanes, T>(TLanes sum, TLanes x, double coefficient)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.FusedMultiplyAdd(sum, x, LaneMath.Constant<TLanes, T>(coefficient));

    /// <summary>A constant that depends on the precision.</summary>
    [MethodImpl(Inline)]
    private static TLanes Choose<TLanes, T>(double single, double wide)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LaneMath.Constant<TLanes, T>(typeof(T) == typeof(float) ? single : wide);

    private const double Magic32 = 12582912;
    private const double Magic64 = 6755399441055744;
    private const double Ln2 = 0.6931471805599453;
    private const double Ln2Rest32 = -1.9046542121259336e-09;
    private const double Ln2Rest64 = 2.3190468138462996e-17;
}
