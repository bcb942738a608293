using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3).</summary>
internal readonly struct TanhGeluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double RootOfTwoOverPi = 0.7978845608028654;
    private const double Cubic = 0.044715;

    public static bool ReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T> => x * VectorMath.Sigmoid<TLanes, T>(TwiceU<TLanes>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        // (1 + tanh(u)) / 2 is the sigmoid s of 2 u; the derivative of x s is s + x s (1 - s) 2 u'.
        TLanes one = LaneMath.Constant<TLanes, T>(1);
        TLanes sigmoid = VectorMath.Sigmoid<TLanes, T>(TwiceU<TLanes>(activation));
        TLanes rate = LaneMath.Constant<TLanes, T>(2 * RootOfTwoOverPi)
            * (one + (LaneMath.Constant<TLanes, T>(3 * Cubic) * activation * activation));
        TLanes slope = sigmoid + (activation * sigmoid * (one - sigmoid) * rate);
        return slope * gradient;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes TwiceU<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes factor = LaneMath.Constant<TLanes, T>(1) + (LaneMath.Constant<TLanes, T>(Cubic) * x * x);
        return LaneMath.Constant<TLanes, T>(2 * RootOfTwoOverPi) * x * factor;
    }
}
