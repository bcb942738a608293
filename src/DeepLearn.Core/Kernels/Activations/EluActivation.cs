using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>x where it is positive, alpha (e^x - 1) elsewhere.</summary>
/// <param name="alpha">The depth, at least 0, so that the value has the sign of the argument.</param>
internal readonly struct EluActivation<T>(T alpha) : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes below = TLanes.Create(alpha) * VectorMath.Expm1<TLanes, T>(x);
        return TLanes.Select(x < default(TLanes), below, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        // Below 0 the derivative alpha e^x is y + alpha.
        TLanes below = (activation + TLanes.Create(alpha)) * gradient;
        return TLanes.Select(activation > default(TLanes), gradient, below);
    }
}
