using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// A function of three numbers that <see cref="Map"/> applies to whole spans. The library's and users' operators implement it.
/// </summary>
/// <remarks>
/// Write it as a readonly struct; its fields are the parameters of the function. One formula serves every vector width, and gives the same
/// bits at each. It is compiled into the loop, so mark <c>Invoke</c> with <c>MethodImplOptions.AggressiveInlining</c>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether the formula is so long that unrolling the loop gains nothing: true for a transcendental function, false (the default) for a
    /// few operations. It changes nothing but speed.
    /// </summary>
    static virtual bool IsLong => false;

    /// <summary>The function, lane by lane: each lane of the result depends only on the same lane of the arguments.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments.</param>
    /// <param name="z">The third arguments.</param>
    TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
        where TLanes : struct, ILanes<TLanes, T>;
}
