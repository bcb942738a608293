using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels;

public static partial class VectorMath
{
    /// <summary>The natural logarithm over lanes; see <see cref="Log{T}(T)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    [MethodImpl(Inline)]
    public static TLanes Log<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The condition is written out here. If it were a method, the JIT would know its value too late to drop the branch that is not
        // used.
        if (typeof(TLanes) == typeof(Lanes512<T>) && Avx512F.IsSupported)
        {
            TLanes fraction = ExtractExponent<TLanes, T>(x, out TLanes exponent);
            return LogSpecialCases<TLanes, T>(x, LogOfParts<TLanes, T>(fraction, exponent, default));
        }

        // Subnormal numbers are scaled into the normal range first.
        TLanes least = LaneMath.Bits<TLanes, T>(0x00800000, 0x0010000000000000);
        TLanes normal = TLanes.SelectLess(x, least, x * Choose<TLanes, T>(1 << 24, 1L << 54), x);
        TLanes bias = Choose<TLanes, T>((1 << 23) + 127, (1L << 52) + 1023);
        bias = TLanes.SelectLess(x, least, Choose<TLanes, T>((1 << 23) + 127 + 24, (1L << 52) + 1023 + 54), bias);
        TLanes f = SplitExponent<TLanes, T>(normal, bias, out TLanes k);
        return LogSpecialCases<TLanes, T>(x, LogOfParts<TLanes, T>(f, k, default));
    }

    /// <summary>The natural logarithm of 1 + x over lanes; see <see cref="Log1p{T}(T)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    [MethodImpl(Inline)]
    public static TLanes Log1p<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // 1 + x = sum + rest exactly (Knuth's two-sum), and log(sum + rest) = log(sum) + rest / sum to full precision.
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        TLanes sum = one + x;
        TLanes ofX = sum - one;
        TLanes rest = (one - (sum - ofX)) + (x - ofX);
        TLanes f = typeof(TLanes) == typeof(Lanes512<T>) && Avx512F.IsSupported
            ? ExtractExponent<TLanes, T>(sum, out TLanes k)
            : SplitExponent<TLanes, T>(sum, Choose<TLanes, T>((1 << 23) + 127, (1L << 52) + 1023), out k);
        TLanes result = LogSpecialCases<TLanes, T>(sum, LogOfParts<TLanes, T>(f, k, rest / sum));
        return TLanes.SelectLess(LaneMath.Abs<TLanes, T>(x), Choose<TLanes, T>(2e-8, 5e-17), x, result);
    }

    /// <summary>log(1 + u) for a u from 0 to 1, or NaN.</summary>
    [MethodImpl(Inline)]
    internal static TLanes Log1pOfFraction<TLanes, T>(TLanes u)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        TLanes sum = one + u;
        TLanes rest = u - (sum - one);
        TLanes root = LaneMath.Constant<TLanes, T>(1.4142135623730951);
        TLanes k = TLanes.SelectLess(root, sum, one, default);
        TLanes f = TLanes.SelectLess(root, sum, sum * LaneMath.Constant<TLanes, T>(0.5), sum) - one;
        return LogOfParts<TLanes, T>(f, k, rest / sum);
    }

    /// <summary>
    /// Splits a positive normal x into 2^k (1 + f), with 1 + f between the square roots of 1/2 and 2. The bias is 2^23 + 127 (2^52 + 1023
    /// in double).
    /// </summary>
    [MethodImpl(Inline)]
    private static TLanes SplitExponent<TLanes, T>(TLanes x, TLanes bias, out TLanes k)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes root = LaneMath.Bits<TLanes, T>(0x3F3504F3, 0x3FE6A09E667F3BCD);
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        TLanes bits = TLanes.AddBits(x, TLanes.SubtractBits(one, root));

        // An integer from 0 to 2047 in the lowest bits of 2^23 (2^52 in double) makes it 2^23 (2^52) plus the integer.
        TLanes exponent = TLanes.ShiftRight(bits, typeof(T) == typeof(float) ? 23 : 52);
        k = (exponent | Choose<TLanes, T>(1 << 23, 1L << 52)) - bias;
        TLanes fraction = bits & LaneMath.Bits<TLanes, T>(0x007FFFFF, 0x000FFFFFFFFFFFFF);
        return TLanes.AddBits(fraction, root) - one;
    }

    /// <summary>k ln 2 + log(1 + f) + rest, where the rest is small compared with f, or f is 0.</summary>
    /// <remarks>
    /// log(1 + f) = f - (f^2/2 - R), so that the leading term is exact. In float R = f^3 P(f), which needs no division. In double, with s =
    /// f / (2 + f), log(1 + f) = 2 artanh(s) = 2 s + s Q(s^2), and R = s (f^2/2 + Q): the method of FreeBSD's msun (Ng, 1993). The
    /// polynomials were found for this library with Remez's algorithm; relative to log(1 + f) their errors are 2^-27.2 in float and 2^-57.7
    /// in double.
    /// </remarks>
    [MethodImpl(Inline)]
    private static TLanes LogOfParts<TLanes, T>(TLanes f, TLanes k, TLanes rest)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes square = f * f;
        TLanes low;
        if (typeof(T) == typeof(float))
        {
            TLanes p = LaneMath.Constant<TLanes, T>(-0.07861276715993881);
            p = Step<TLanes, T>(p, f, 0.12882515788078308);
            p = Step<TLanes, T>(p, f, -0.13128428161144257);
            p = Step<TLanes, T>(p, f, 0.1418108493089676);
            p = Step<TLanes, T>(p, f, -0.1662459820508957);
            p = Step<TLanes, T>(p, f, 0.20002290606498718);
            p = Step<TLanes, T>(p, f, -0.25000807642936707);
            p = Step<TLanes, T>(p, f, 0.33333316445350647);
            low = TLanes.FusedMultiplyAdd(square * f, p, rest);
        }
        else
        {
            TLanes s = f / (f + LaneMath.Constant<TLanes, T>(2));
            TLanes z = s * s;
            TLanes q = LaneMath.Constant<TLanes, T>(0.14783427514164427);
            q = Step<TLanes, T>(q, z, 0.153153978083922);
            q = Step<TLanes, T>(q, z, 0.18183507008235222);
            q = Step<TLanes, T>(q, z, 0.22222199792014163);
            q = Step<TLanes, T>(q, z, 0.28571428728968973);
            q = Step<TLanes, T>(q, z, 0.3999999999948525);
            q = Step<TLanes, T>(q, z, 0.6666666666666721);
            low = TLanes.FusedMultiplyAdd(s, TLanes.FusedMultiplyAdd(z, q, LaneMath.Constant<TLanes, T>(0.5) * square), rest);
        }
        low = TLanes.FusedMultiplyAdd(k, Choose<TLanes, T>(Ln2Rest32, Ln2Rest64), low);
        low = TLanes.FusedMultiplyAdd(square, LaneMath.Constant<TLanes, T>(-0.5), low);
        return TLanes.FusedMultiplyAdd(k, LaneMath.Constant<TLanes, T>(Ln2), f + low);
    }

    /// <summary>Replaces the results for special cases: minus infinity for zero, NaN for negative numbers; infinity and NaN stay.</summary>
    [MethodImpl(Inline)]
    private static TLanes LogSpecialCases<TLanes, T>(TLanes x, TLanes result)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(TLanes) == typeof(Lanes512<T>) && Avx512F.IsSupported)
            return ReplaceSpecialCases<TLanes, T>(x, result);
        TLanes zero = default;
        TLanes notPositive = TLanes.SelectLess(
            x, zero, LaneMath.Constant<TLanes, T>(double.NaN), LaneMath.Constant<TLanes, T>(double.NegativeInfinity));
        result = TLanes.SelectLess(zero, x, result, notPositive);
        return TLanes.SelectLess(x, LaneMath.Constant<TLanes, T>(double.PositiveInfinity), result, x);
    }
}
