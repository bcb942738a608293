using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// The share s of the old value in an exponential moving average, <c>s old + (1 - s) new</c>, or in a decaying sum, <c>s old + new</c>. It
/// is for the formulas of optimizers that <see cref="Map"/> runs.
/// </summary>
/// <remarks>
/// Near 1 a float has few digits for <c>1 - s</c>: for a share of 0.999999 the complement of the rounded share is 1.3 % too large, and for
/// 0.99999999 it is 0. So where the error of the complement exceeds a thousandth, the rounded complement is stored instead of the share,
/// and the average is <c>old + (1 - s) (new - old)</c>. The choice depends on the share and the precision alone. Do not use a default
/// value: it has a share of 0 and no complement.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct MovingShare<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Tolerance = 1e-3;

    // The average is keep old + rest (new - fold old): either keep is the share and fold is 0, or both are 1.
    private readonly T _keep;
    private readonly T _fold;
    private readonly T _rest;

    /// <summary>Creates a share.</summary>
    /// <param name="share">The share, at least 0 and below 1.</param>
    public MovingShare(double share)
    {
        T keep = T.CreateChecked(share);
        bool isExact = Math.Abs(share - double.CreateChecked(keep)) <= Tolerance * (1 - share);
        _keep = isExact ? keep : T.One;
        _fold = isExact ? T.Zero : T.One;
        _rest = isExact ? T.One - keep : T.CreateChecked(1 - share);
    }

    /// <summary>The share after rounding, from which the bias correction of an average that starts at 0 is computed.</summary>
    public double Effective => 1 - double.CreateChecked(_rest);

    /// <summary>s old + (1 - s) new, lane by lane.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="old">The old values.</param>
    /// <param name="added">The new values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Mix<TLanes>(TLanes old, TLanes added)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes apart = TLanes.FusedMultiplyAdd(old, TLanes.Create(-_fold), added);
        return TLanes.FusedMultiplyAdd(old, TLanes.Create(_keep), apart * TLanes.Create(_rest));
    }

    /// <summary>s old + new, lane by lane.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="old">The old values.</param>
    /// <param name="added">The new values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Sum<TLanes>(TLanes old, TLanes added)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes apart = TLanes.FusedMultiplyAdd(old, TLanes.Create(-_fold * _rest), added);
        return TLanes.FusedMultiplyAdd(old, TLanes.Create(_keep), apart);
    }
}
