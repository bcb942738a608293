using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>How every sum of a weight's gradient ends: <c>destination = keep * destination + scale * sum</c>.</summary>
internal static unsafe class GradientStore
{
    /// <summary>Stores a vector of sums.</summary>
    /// <param name="sum">The sums.</param>
    /// <param name="scale">The factor on them.</param>
    /// <param name="keep">The factor on the old values; with 0 they are not read.</param>
    /// <param name="to">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TLanes>(TLanes sum, T scale, T keep, T* to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes factor = TLanes.Create(scale);
        TLanes result = T.IsZero(keep)
            ? factor * sum
            : TLanes.FusedMultiplyAdd(factor, sum, TLanes.Create(keep) * TLanes.Load(in *to));
        result.Store(ref *to);
    }
}
