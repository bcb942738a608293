using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>1 / (1 + e^-x).</summary>
internal readonly struct SigmoidActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T> => VectorMath.Sigmoid<TLanes, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes slope = activation * (LaneMath.Constant<TLanes, T>(1) - activation);
        return slope * gradient;
    }
}
