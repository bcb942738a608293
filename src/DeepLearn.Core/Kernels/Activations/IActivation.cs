using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>
/// A function of one number that a network applies to every element, and the way back through it. Written as a struct over
/// <see cref="ILanes{TSelf, T}"/>, it is compiled for every width, with the same bits on each; mark its methods with
/// <c>MethodImplOptions.AggressiveInlining</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether <see cref="Backward"/> reads the function's value, so that it may overwrite its argument; otherwise it reads the argument.
    /// </summary>
    static abstract bool ReadsOutput { get; }

    /// <summary>The function: y = f(x).</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="x">The arguments.</param>
    TLanes Forward<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>;

    /// <summary>The gradient of the argument: f'(x) times the gradient of the value.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <param name="activation">The value y where <see cref="ReadsOutput"/> says so, otherwise the argument x.</param>
    /// <param name="gradient">The gradient of the value.</param>
    TLanes Backward<TLanes>(TLanes activation, TLanes gradient)
        where TLanes : struct, ILanes<TLanes, T>;
}
