using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Activations;

/// <summary>Applies an activation, and its way back, to spans, with the widest vectors that the hardware has.</summary>
public static class ActivationKernel
{
    /// <summary>Applies the function to every element.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TActivation">The function.</typeparam>
    /// <param name="activation">The function.</param>
    /// <param name="input">The arguments.</param>
    /// <param name="output">The values, as many; it may be the same memory.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Forward<T, TActivation>(TActivation activation, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TActivation : struct, IActivation<T>
    {
        CheckLength(input.Length, output.Length);
        int done = Vector512.IsHardwareAccelerated ? ForwardOver<T, Lanes512<T>, TActivation>(activation, input, output)
            : Vector256.IsHardwareAccelerated ? ForwardOver<T, Lanes256<T>, TActivation>(activation, input, output)
            : Vector128.IsHardwareAccelerated ? ForwardOver<T, Lanes128<T>, TActivation>(activation, input, output)
            : 0;
        ForwardOver<T, Lane<T>, TActivation>(activation, input[done..], output[done..]);
    }

    /// <summary>Computes the gradient of every argument.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TActivation">The function.</typeparam>
    /// <param name="activation">The function.</param>
    /// <param name="values">The values or the arguments, whichever <see cref="IActivation{T}.ReadsOutput"/> says.</param>
    /// <param name="outputGradient">The gradients of the values, as many.</param>
    /// <param name="inputGradient">The gradients of the arguments, as many; it may be the memory of <paramref name="outputGradient"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Backward<T, TActivation>(
        TActivation activation, ReadOnlySpan<T> values, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TActivation : struct, IActivation<T>
    {
        CheckLength(values.Length, outputGradient.Length);
        CheckLength(values.Length, inputGradient.Length);
        int done = Vector512.IsHardwareAccelerated
            ? BackwardOver<T, Lanes512<T>, TActivation>(activation, values, outputGradient, inputGradient)
            : Vector256.IsHardwareAccelerated ? BackwardOver<T, Lanes256<T>, TActivation>(activation, values, outputGradient, inputGradient)
            : Vector128.IsHardwareAccelerated ? BackwardOver<T, Lanes128<T>, TActivation>(activation, values, outputGradient, inputGradient)
            : 0;
        BackwardOver<T, Lane<T>, TActivation>(activation, values[done..], outputGradient[done..], inputGradient[done..]);
    }

    private static int ForwardOver<T, TLanes, TActivation>(TActivation activation, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TActivation : struct, IActivation<T>
    {
        int i = 0;
        for (; i <= input.Length - TLanes.Count; i += TLanes.Count)
        {
            TLanes x = TLanes.Load(in MemoryMarshal.GetReference(input[i..]));
            activation.Forward(x).Store(ref MemoryMarshal.GetReference(output[i..]));
        }
        return i;
    }

    private static int BackwardOver<T, TLanes, TActivation>(
        TActivation activation, ReadOnlySpan<T> values, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TActivation : struct, IActivation<T>
    {
        int i = 0;
        for (; i <= values.Length - TLanes.Count; i += TLanes.Count)
        {
            TLanes value = TLanes.Load(in MemoryMarshal.GetReference(values[i..]));
            TLanes gradient = TLanes.Load(in MemoryMarshal.GetReference(outputGradient[i..]));
            activation.Backward(value, gradient).Store(ref MemoryMarshal.GetReference(inputGradient[i..]));
        }
        return i;
    }

    private static void CheckLength(int expected, int found)
    {
        if (expected != found)
            throw new ArgumentException($"The spans of an activation have one length; found {expected} and {found}.");
    }
}
