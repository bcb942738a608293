using System.Numerics;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>The activation functions of layers, and what their gradients become on the way back, each in one pass.</summary>
/// <remarks>Forward: output = f(input). Backward: destination = gradient f'(input), computed from the output where that suffices, so that
/// the input need not be kept. The accuracy of the functions is <see cref="VectorMath"/>'s; the README beside this file lists it.</remarks>
public static partial class Activations
{
    /// <summary>destination = input where it is above zero, else 0. NaN stays NaN, and -0 stays -0.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Relu<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(ReluOperator<T>), input, destination);

    /// <summary>destination = gradient where the output is above zero, else 0.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="output">What the function gave.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void ReluBackward<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(ReluBackwardOperator<T>), output, gradient, destination);

    /// <summary>destination = input where it is at least 0, else slope input.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="slope">The derivative below zero.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void LeakyRelu<T>(ReadOnlySpan<T> input, T slope, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new LeakyReluOperator<T>(slope), input, destination);

    /// <summary>destination = gradient where the input is above zero, else slope gradient.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">What the function was applied to.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="slope">The derivative below zero.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void LeakyReluBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, T slope, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(new LeakyReluBackwardOperator<T>(slope), input, gradient, destination);

    /// <summary>
    /// destination = input where it is above zero, else alpha (e^input - 1). (Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep
    /// Network Learning by Exponential Linear Units", 2015.)
    /// </summary>
    /// <remarks>Within 4 units in the last place of the larger of argument and result.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="alpha">Minus the limit at minus infinity.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Elu<T>(ReadOnlySpan<T> input, T alpha, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new EluOperator<T>(alpha), input, destination);

    /// <summary>destination = gradient where the input is above zero, else gradient alpha e^input.</summary>
    /// <remarks>Of the input, since the output has no digits left of it far below zero, where it is -alpha.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers that the function was given.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="alpha">Minus the limit at minus infinity.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void EluBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, T alpha, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(new EluBackwardOperator<T>(alpha), input, gradient, destination);

    /// <summary>
    /// destination = input Phi(input), Phi the distribution function of the normal distribution. (Hendrycks and Gimpel, "Gaussian Error
    /// Linear Units", 2016.)
    /// </summary>
    /// <remarks>
    /// Within 4 units in the last place of the larger of argument and result. Minus infinity gives -0, the limit; NaN gives NaN; a zero
    /// keeps its sign.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Gelu<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(GeluOperator<T>), input, destination);

    /// <summary>destination = gradient (Phi(input) + input phi(input)), phi the density of the normal distribution.</summary>
    /// <remarks>
    /// The factor is within 4 units in the last place of 1; it is exactly 0 or 1 from 6 (in double from 8.8) on in magnitude. NaN gives
    /// NaN.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">What the function was applied to.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void GeluBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(GeluBackwardOperator<T>), input, gradient, destination);

    /// <summary>
    /// destination = input/2 (1 + tanh(sqrt(2/pi) (input + 0.044715 input^3))): the approximation of Hendrycks and Gimpel (2016).
    /// </summary>
    /// <remarks>Computed as input sigmoid(2 u), u the argument of tanh: the same function without the cancellation.</remarks>
    /// <remarks>
    /// Within 4 units in the last place of the larger of argument and result. Minus infinity gives -0, the limit; NaN gives NaN; a zero
    /// keeps its sign.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void GeluTanh<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(GeluTanhOperator<T>), input, destination);

    /// <summary>destination = gradient times the derivative of <see cref="GeluTanh{T}"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">What the function was applied to.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void GeluTanhBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(GeluTanhBackwardOperator<T>), input, gradient, destination);

    /// <summary>
    /// destination = input sigmoid(input). (Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function
    /// Approximation in Reinforcement Learning", 2017.)
    /// </summary>
    /// <remarks>
    /// Within 4 units in the last place of the larger of argument and result. Minus infinity gives -0, the limit; NaN gives NaN; a zero
    /// keeps its sign.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Silu<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SiluOperator<T>), input, destination);

    /// <summary>destination = gradient s (1 + input (1 - s)), s = sigmoid(input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">What the function was applied to.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void SiluBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SiluBackwardOperator<T>), input, gradient, destination);

    /// <summary>destination = 1 / (1 + e^-input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Sigmoid<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SigmoidOperator<T>), input, destination);

    /// <summary>destination = gradient output (1 - output).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="output">What the function gave.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void SigmoidBackward<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SigmoidBackwardOperator<T>), output, gradient, destination);

    /// <summary>destination = tanh(input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Tanh<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(TanhOperator<T>), input, destination);

    /// <summary>destination = gradient (1 - output^2).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="output">What the function gave.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void TanhBackward<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(TanhBackwardOperator<T>), output, gradient, destination);

    /// <summary>destination = log(1 + e^input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, as many; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Softplus<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SoftplusOperator<T>), input, destination);

    /// <summary>destination = gradient sigmoid(input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">What the function was applied to.</param>
    /// <param name="gradient">The gradient of the loss in the output.</param>
    /// <param name="destination">The gradient in the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void SoftplusBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SoftplusBackwardOperator<T>), input, gradient, destination);
}
