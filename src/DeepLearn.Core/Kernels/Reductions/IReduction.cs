using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <summary>How an element, or a pair of elements, is added to a running sum.</summary>
internal interface IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether there is a second span; if not, y is x.</summary>
    static virtual bool UsesSecond => false;

    /// <summary>Whether a zero changes no sum that starts at +0.</summary>
    static virtual bool PassesZerosOver => false;

    /// <summary>Adds x and y to the sum.</summary>
    TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, T>;
}
