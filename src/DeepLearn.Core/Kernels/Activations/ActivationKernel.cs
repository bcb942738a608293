using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>Applies an activation, and its way back, to spans.</summary>
public static class ActivationKernel
{
    /// <summary>Applies the function to every element.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TActivation">The function.</typeparam>
    /// <param name="activation">The function.</param>
    /// <param name="input">The arguments.</param>
    /// <param name="output">The values, as many; it may be the same memory.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part.</exception>
    public static void Forward<T, TActivation>(TActivation activation, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TActivation : struct, IActivation<T> =>
        Map.Apply(new ForwardOf<T, TActivation>(activation), input, output);

    /// <summary>Computes the gradient of every argument.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TActivation">The function.</typeparam>
    /// <param name="activation">The function.</param>
    /// <param name="values">The values or the arguments, whichever <see cref="IActivation{T}.ReadsOutput"/> says.</param>
    /// <param name="outputGradient">The gradients of the values, as many.</param>
    /// <param name="inputGradient">The gradients of the arguments, as many; it may be the memory of <paramref name="outputGradient"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part.</exception>
    public static void Backward<T, TActivation>(
        TActivation activation, ReadOnlySpan<T> values, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TActivation : struct, IActivation<T> =>
        Map.Apply(new BackwardOf<T, TActivation>(activation), values, outputGradient, inputGradient);

    private readonly struct ForwardOf<T, TActivation>(TActivation activation) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TActivation : struct, IActivation<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => activation.Forward(x);
    }

    private readonly struct BackwardOf<T, TActivation>(TActivation activation) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TActivation : struct, IActivation<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => activation.Backward(x, y);
    }
}
