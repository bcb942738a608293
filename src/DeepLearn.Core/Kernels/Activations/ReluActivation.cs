using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>max(0, x); NaN stays NaN.</summary>
internal readonly struct ReluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T> => LaneMath.AtLeast<TLanes, T>(x, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T> =>
        TLanes.Select(activation > default(TLanes), gradient, default);
}
