using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels;

/// <content>
/// AVX-512 has instructions for the first and the last step of a logarithm, which otherwise take a third of its time. The bits are the
/// same.
/// </content>
public static partial class VectorMath
{
    /// <summary>As <see cref="SplitExponent"/>, but also for subnormal numbers.</summary>
    [MethodImpl(Inline)]
    private static TLanes ExtractExponent<TLanes, T>(TLanes x, out TLanes k)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const byte FromOneToTwo = 0;
        TLanes mantissa;
        if (typeof(T) == typeof(float))
        {
            Vector512<float> numbers = Unsafe.BitCast<TLanes, Vector512<float>>(x);
            k = Unsafe.BitCast<Vector512<float>, TLanes>(Avx512F.GetExponent(numbers));
            mantissa = Unsafe.BitCast<Vector512<float>, TLanes>(Avx512F.GetMantissa(numbers, FromOneToTwo));
        }
        else
        {
            Vector512<double> numbers = Unsafe.BitCast<TLanes, Vector512<double>>(x);
            k = Unsafe.BitCast<Vector512<double>, TLanes>(Avx512F.GetExponent(numbers));
            mantissa = Unsafe.BitCast<Vector512<double>, TLanes>(Avx512F.GetMantissa(numbers, FromOneToTwo));
        }
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        TLanes root = LaneMath.Bits<TLanes, T>(0x3FB504F3, 0x3FF6A09E667F3BCD);
        k = TLanes.SelectLess(mantissa, root, k, k + one);
        return TLanes.SelectLess(mantissa, root, mantissa, mantissa * LaneMath.Constant<TLanes, T>(0.5)) - one;
    }

    /// <summary>As <see cref="LogSpecialCases"/>.</summary>
    [MethodImpl(Inline)]
    private static TLanes ReplaceSpecialCases<TLanes, T>(TLanes x, TLanes result)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Four bits for each kind of x, from the lowest: quiet NaN and signaling NaN (2: x itself), zero (4: minus infinity), one (0: keep
        // the result), minus infinity (3: NaN), infinity (5: infinity), other negative numbers (3: NaN), other positive numbers (0: keep
        // the result).
        const int Replacements = 0x03530422;
        if (typeof(T) == typeof(float))
        {
            Vector512<float> numbers = Unsafe.BitCast<TLanes, Vector512<float>>(x),
            results = Unsafe.BitCast<TLanes, Vector512<float>>(result);
            return Unsafe.BitCast<Vector512<float>, TLanes>(Avx512F.Fixup(results, numbers, Vector512.Create(Replacements), 0));
        }
        Vector512<double> wide = Unsafe.BitCast<TLanes, Vector512<double>>(x),
        wideResults = Unsafe.BitCast<TLanes, Vector512<double>>(result);
        return Unsafe.BitCast<Vector512<double>, TLanes>(Avx512F.Fixup(wideResults, wide, Vector512.Create((long)Replacements), 0));
    }
}
