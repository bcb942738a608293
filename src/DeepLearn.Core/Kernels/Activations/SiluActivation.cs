using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>x / (1 + e^-x).</summary>
internal readonly struct SiluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T> => x * VectorMath.Sigmoid<TLanes, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        // With s the sigmoid: s (1 + x (1 - s)).
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        TLanes sigmoid = VectorMath.Sigmoid<TLanes, T>(activation);
        TLanes slope = sigmoid * (one + (activation * (one - sigmoid)));
        return slope * gradient;
    }
}
