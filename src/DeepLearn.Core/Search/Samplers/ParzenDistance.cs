using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Search.Samplers;

/// <summary>What a normal kernel around a mean loses at a position beside its middle, taken from a logarithm.</summary>
/// <param name="at">The position.</param>
/// <param name="perDeviation">1 / the standard deviation.</param>
internal readonly struct ParzenDistance(double at, double perDeviation) : IBinaryOperator<double>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, double>
    {
        TLanes distance = (TLanes.Create(at) - x) * TLanes.Create(perDeviation);
        return y - (TLanes.Create(0.5) * distance * distance);
    }
}
