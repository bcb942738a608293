using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>x times the probability that a standard normal number is below x.</summary>
internal readonly struct GeluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T> => x * Below<TLanes>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        // P(x) + x p(x), with p the density of the normal distribution.
        TLanes exponent = LaneMath.Constant<TLanes, T>(-0.5) * activation * activation;
        TLanes density = LaneMath.Constant<TLanes, T>(0.3989422804014327) * VectorMath.Exp<TLanes, T>(exponent);
        TLanes slope = Below<TLanes>(activation) + (activation * density);
        return slope * gradient;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Below<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes half = LaneMath.Constant<TLanes, T>(0.5);
        return half + (half * VectorMath.Erf<TLanes, T>(LaneMath.Constant<TLanes, T>(0.7071067811865476) * x));
    }
}
