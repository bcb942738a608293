using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>A function of one number: what <see cref="Map"/> applies to whole spans, a user's own as well as the library's.</summary>
/// <remarks>
/// Write it as a readonly struct; its fields are the function's parameters. One formula serves every vector width, and gives the same
/// bits on each. It is compiled into the loop, so mark <c>Invoke</c> with <c>MethodImplOptions.AggressiveInlining</c>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether the formula is so long that repeating it in the loop gains nothing: yes for a transcendental function, no (the default)
    /// for a few operations. It changes speed alone.
    /// </summary>
    static virtual bool IsLong => false;

    /// <summary>The function, lane by lane: a lane of the result depends on the same lane of the arguments alone.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="x">The arguments.</param>
    TLanes Invoke<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>;
}
