using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels;

public static partial class VectorMath
{
    /// <summary>The sine over lanes; see <see cref="Sin(double)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="x">The angles in radians.</param>
    [MethodImpl(Inline)]
    public static TLanes Sin<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, double>
    {
        TLanes result = SinOfQuarters(x, default);
        return TLanes.Select(TLanes.Equal(x, default), x, result);
    }

    /// <summary>The cosine over lanes; see <see cref="Cos(double)"/>.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="x">The angles in radians.</param>
    [MethodImpl(Inline)]
    public static TLanes Cos<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, double> =>
        SinOfQuarters(x, LaneMath.Bits<TLanes, double>(1, 1));

    /// <summary>sin(x + quarters pi/2), where the lowest bits of <paramref name="quarters"/> are an integer.</summary>
    /// <remarks>
    /// x = n pi/2 + r is reduced with pi/2 in three parts (Cody and Waite, 1980) and fused multiply-adds. Up to 2^30 the first step is
    /// exact, and the rounding error of the second is kept. A minimax polynomial for the sine and one for the cosine follow, found for this
    /// library with Remez's algorithm; their relative errors are 2^-57.4 (sine) and 2^-63.4 (cosine).
    /// </remarks>
    [MethodImpl(Inline)]
    private static TLanes SinOfQuarters<TLanes>(TLanes x, TLanes quarters)
        where TLanes : struct, ILanes<TLanes, double>
    {
        TLanes magic = LaneMath.Constant<TLanes, double>(Magic64);
        TLanes bits = TLanes.FusedMultiplyAdd(x, LaneMath.Constant<TLanes, double>(0.6366197723675814), magic);
        TLanes n = bits - magic;
        TLanes first = TLanes.FusedMultiplyAdd(n, LaneMath.Constant<TLanes, double>(-1.5707963267948966), x);
        TLanes middle = LaneMath.Constant<TLanes, double>(6.123233995736766e-17);
        TLanes product = n * middle;
        TLanes productRest = TLanes.FusedMultiplyAdd(n, middle, LaneMath.Negate<TLanes, double>(product));
        TLanes r = first - product;
        TLanes ofProduct = first - r;
        TLanes rest = ((first - (r + ofProduct)) + (ofProduct - product)) - productRest;
        rest = TLanes.FusedMultiplyAdd(n, LaneMath.Constant<TLanes, double>(1.4973849048591698e-33), rest);
        TLanes settled = r + rest;
        rest = (r - settled) + rest;
        r = settled;

        TLanes z = r * r;
        TLanes s = LaneMath.Constant<TLanes, double>(1.5896732995619964e-10);
        s = Step<TLanes, double>(s, z, -2.5050757240509734e-08);
        s = Step<TLanes, double>(s, z, 2.755731368796433e-06);
        s = Step<TLanes, double>(s, z, -0.0001984126982980258);
        s = Step<TLanes, double>(s, z, 0.008333333333322418);
        s = Step<TLanes, double>(s, z, -0.16666666666666632);
        TLanes half = LaneMath.Constant<TLanes, double>(0.5);
        TLanes one = LaneMath.Constant<TLanes, double>(1);

        // sin(r + rest) = sin r + rest (1 - r^2/2) and cos(r + rest) = cos r - rest r, to full precision.
        TLanes sine = r + TLanes.FusedMultiplyAdd(z * r, s, rest * (one - (half * z)));
        TLanes c = LaneMath.Constant<TLanes, double>(-1.1359892773282801e-11);
        c = Step<TLanes, double>(c, z, 2.0875728643112695e-09);
        c = Step<TLanes, double>(c, z, -2.755731439768055e-07);
        c = Step<TLanes, double>(c, z, 2.480158728966523e-05);
        c = Step<TLanes, double>(c, z, -0.0013888888888874474);
        c = Step<TLanes, double>(c, z, 0.0416666666666666);
        TLanes halfSquare = half * z;
        TLanes lead = one - halfSquare;
        TLanes cosine = lead + (((one - lead) - halfSquare) + TLanes.FusedMultiplyAdd(z * z, c, LaneMath.Negate<TLanes, double>(r * rest)));

        bits = TLanes.AddBits(bits, quarters);
        TLanes even = TLanes.Equal(bits & LaneMath.Bits<TLanes, double>(1, 1), default);
        TLanes sign = TLanes.ShiftLeft(bits & LaneMath.Bits<TLanes, double>(2, 2), 62);
        TLanes result = TLanes.Select(even, sine, cosine) ^ sign;
        TLanes farthest = LaneMath.Constant<TLanes, double>(1 << 30);
        return TLanes.SelectLess(farthest, LaneMath.Abs<TLanes, double>(x), LaneMath.Constant<TLanes, double>(double.NaN), result);
    }
}
