using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>An update of three numbers by a fourth: the step of an optimizer that stores two numbers for each weight.</summary>
/// <remarks>
/// Write it like an <see cref="IUnaryOperator{T}"/>, as a readonly struct.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ITripleUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The update, lane by lane.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="gradient">The number that is only read.</param>
    /// <param name="first">The first number, which is replaced.</param>
    /// <param name="second">The second number, which is replaced.</param>
    /// <param name="third">The third number, which is replaced.</param>
    void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second, ref TLanes third)
        where TLanes : struct, ILanes<TLanes, T>;
}
