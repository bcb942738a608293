using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <summary>How one element, or a pair of them, enters a running sum.</summary>
internal interface IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether there is a second span; without one, y is x.</summary>
    static virtual bool UsesSecond => false;

    /// <summary>Whether a zero changes no sum that starts at +0.</summary>
    static virtual bool PassesZerosOver => false;

    /// <summary>The sum with x and y in it.</summary>
    TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, T>;
}
