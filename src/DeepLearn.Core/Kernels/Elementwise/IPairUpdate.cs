using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>An update of two numbers by a third: an optimizer's step on a weight with one number of memory.</summary>
/// <remarks>Written like an <see cref="IUnaryOperator{T}"/>, as a readonly struct.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IPairUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The update, lane by lane.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="gradient">What is read only.</param>
    /// <param name="first">The first number, replaced.</param>
    /// <param name="second">The second number, replaced.</param>
    void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes, T>;
}
