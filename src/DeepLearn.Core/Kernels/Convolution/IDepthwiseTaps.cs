using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>A row of taps of <see cref="DepthwiseRows{T, TLanes, TTaps}"/>.</summary>
internal unsafe interface IDepthwiseTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of taps.</summary>
    static abstract int Count { get; }

    /// <summary>
    /// Adds the taps' products to eight neighboring results, each in the order of the taps: the source is read from left to right, and what
    /// is read is used for all results that see it.
    /// </summary>
    /// <param name="a">The first of the eight sums.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The third.</param>
    /// <param name="d">The fourth.</param>
    /// <param name="e">The fifth.</param>
    /// <param name="f">The sixth.</param>
    /// <param name="g">The seventh.</param>
    /// <param name="h">The eighth.</param>
    /// <param name="x">Where the first result's first tap reads, which may be on the padding.</param>
    /// <param name="step">How far the source moves from one column to the next.</param>
    /// <param name="left">How many results do not see the first tap, since it is on the padding.</param>
    /// <param name="right">How many do not see the last.</param>
    /// <param name="weights">The weights of these channels.</param>
    /// <param name="places">Where the weights of each tap are.</param>
    static abstract void Add<TOne>(
        ref TOne a, ref TOne b, ref TOne c, ref TOne d, ref TOne e, ref TOne f, ref TOne g, ref TOne h,
        T* x, nint step, int left, int right, T* weights, int* places)
        where TOne : struct, ILanes<TOne, T>;
}
