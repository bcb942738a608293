using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>x where it is positive, slope x elsewhere.</summary>
/// <param name="slope">The slope, at least 0, so that the value has the sign of the argument.</param>
internal readonly struct LeakyReluActivation<T>(T slope) : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T> => TLanes.Select(x < default(TLanes), TLanes.Create(slope) * x, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T> =>
        TLanes.Select(activation > default(TLanes), gradient, TLanes.Create(slope) * gradient);
}
