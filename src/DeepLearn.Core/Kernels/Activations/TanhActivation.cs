using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>The hyperbolic tangent.</summary>
internal readonly struct TanhActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T> => VectorMath.Tanh<TLanes, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        // (1 - y) (1 + y), which keeps its digits where y is close to 1 or -1; 1 - y^2 would not.
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        return (one - activation) * (one + activation) * gradient;
    }
}
