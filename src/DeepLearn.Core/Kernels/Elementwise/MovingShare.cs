using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// The share s of an exponential moving average, for an optimizer's own formula for <see cref="Map"/>: what stays from one step to the
/// next, <c>s old + (1 - s) new</c> or <c>s old + new</c>.
/// </summary>
/// <remarks>
/// Near 1 a float has few digits for <c>1 - s</c>: 0.999999 comes out with a complement that is 1.3 % too large, 0.99999999 with none. So
/// where the complement of the rounded share is not right to a thousandth, the complement is what is kept, rounded, and the average is
/// <c>old + (1 - s) (new - old)</c>. Which of the two is a function of the share and the precision alone. A default value is a share of 0
/// without complement, and of no use.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct MovingShare<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Tolerance = 1e-3;

    // keep old + rest (new - fold old): fold is 0 and keep the share, or fold and keep are 1.
    private readonly T _keep;
    private readonly T _fold;
    private readonly T _rest;

    /// <summary>A share.</summary>
    /// <param name="share">The share, at least 0 and below 1.</param>
    public MovingShare(double share)
    {
        T keep = T.CreateChecked(share);
        bool isExact = Math.Abs(share - double.CreateChecked(keep)) <= Tolerance * (1 - share);
        _keep = isExact ? keep : T.One;
        _fold = isExact ? T.Zero : T.One;
        _rest = isExact ? T.One - keep : T.CreateChecked(1 - share);
    }

    /// <summary>The share as it acts, after rounding: what a correction for the start at 0 is computed from.</summary>
    public double Effective => 1 - double.CreateChecked(_rest);

    /// <summary>s old + (1 - s) new, lane by lane.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="old">What there was.</param>
    /// <param name="added">What is new.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Mix<TLanes>(TLanes old, TLanes added)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes apart = TLanes.FusedMultiplyAdd(old, TLanes.Create(-_fold), added);
        return TLanes.FusedMultiplyAdd(old, TLanes.Create(_keep), apart * TLanes.Create(_rest));
    }

    /// <summary>s old + new, lane by lane.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="old">What there was.</param>
    /// <param name="added">What is new.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Sum<TLanes>(TLanes old, TLanes added)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes apart = TLanes.FusedMultiplyAdd(old, TLanes.Create(-_fold * _rest), added);
        return TLanes.FusedMultiplyAdd(old, TLanes.Create(_keep), apart);
    }
}
