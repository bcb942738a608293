using System.Numerics;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>The activation functions of layers and their backward passes, each in one pass over the data.</summary>
/// <remarks>
/// Forward: output = f(input). Backward: destination = gradient f'(input), computed from the output where that suffices, so that the input
/// need not be kept. Errors are as those of <see cref="VectorMath"/>, or as each function says.
/// </remarks>
/// <example><code>
/// float[] x = [-1, 0, 2], y = new float[3];
/// Activations.Relu&lt;float&gt;(x, y);
/// Console.WriteLine(string.Join(" ", y));    // prints 0 0 2
/// </code></example>
public static partial class Activations
{
    /// <summary>destination = input where it is above zero, else 0. NaN stays NaN, and -0 stays -0.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Relu<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(ReluOperator<T>), input, destination);

    /// <summary>destination = gradient where the output is above zero, else 0.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="output">The output of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void ReluBackward<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(ReluBackwardOperator<T>), output, gradient, destination);

    /// <summary>destination = input where it is at least 0, else slope input.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="slope">The derivative below zero.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void LeakyRelu<T>(ReadOnlySpan<T> input, T slope, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new LeakyReluOperator<T>(slope), input, destination);

    /// <summary>destination = gradient where the input is above zero, else slope gradient.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The input of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="slope">The derivative below zero.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
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
    /// <param name="alpha">The limit at minus infinity is -alpha.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Elu<T>(ReadOnlySpan<T> input, T alpha, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new EluOperator<T>(alpha), input, destination);

    /// <summary>destination = gradient where the input is above zero, else gradient alpha e^input.</summary>
    /// <remarks>
    /// It is computed from the input, since far below zero the output is -alpha and says nothing about the input.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The input of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="alpha">The limit at minus infinity is -alpha.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void EluBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, T alpha, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(new EluBackwardOperator<T>(alpha), input, gradient, destination);

    /// <summary>
    /// destination = input Phi(input), where Phi is the distribution function of the standard normal distribution. (Hendrycks and Gimpel,
    /// "Gaussian Error Linear Units", 2016.)
    /// </summary>
    /// <remarks>
    /// Within 4 units in the last place of the larger of argument and result. Minus infinity gives -0, the limit; NaN gives NaN; a zero
    /// keeps its sign.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Gelu<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(GeluOperator<T>), input, destination);

    /// <summary>
    /// destination = gradient (Phi(input) + input phi(input)), where phi is the density of the standard normal distribution.
    /// </summary>
    /// <remarks>
    /// The error of the derivative is within 4 units in the last place of 1. It is exactly 0 or 1 for inputs of at least 6 (8.8 in double)
    /// in magnitude. NaN gives NaN.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The input of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void GeluBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(GeluBackwardOperator<T>), input, gradient, destination);

    /// <summary>
    /// destination = input/2 (1 + tanh(sqrt(2/pi) (input + 0.044715 input^3))): the approximation of Hendrycks and Gimpel (2016).
    /// </summary>
    /// <remarks>
    /// Computed as input sigmoid(2 u), with u the argument of tanh: the same function without the cancellation.
    /// Within 4 units in the last place of the larger of argument and result. Minus infinity gives -0, the limit; NaN gives NaN; a zero
    /// keeps its sign.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void GeluTanh<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(GeluTanhOperator<T>), input, destination);

    /// <summary>destination = gradient times the derivative of <see cref="GeluTanh{T}"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The input of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
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
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Silu<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SiluOperator<T>), input, destination);

    /// <summary>destination = gradient s (1 + input (1 - s)), where s = sigmoid(input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The input of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void SiluBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SiluBackwardOperator<T>), input, gradient, destination);

    /// <summary>destination = 1 / (1 + e^-input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Sigmoid<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SigmoidOperator<T>), input, destination);

    /// <summary>destination = gradient output (1 - output).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="output">The output of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void SigmoidBackward<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SigmoidBackwardOperator<T>), output, gradient, destination);

    /// <summary>destination = tanh(input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Tanh<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(TanhOperator<T>), input, destination);

    /// <summary>destination = gradient (1 - output^2).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="output">The output of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void TanhBackward<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(TanhBackwardOperator<T>), output, gradient, destination);

    /// <summary>destination = log(1 + e^input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be the input.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Softplus<T>(ReadOnlySpan<T> input, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SoftplusOperator<T>), input, destination);

    /// <summary>destination = gradient sigmoid(input).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="input">The input of the function.</param>
    /// <param name="gradient">The gradient of the loss with respect to the output.</param>
    /// <param name="destination">Receives the gradient with respect to the input; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void SoftplusBackward<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(default(SoftplusBackwardOperator<T>), input, gradient, destination);
}
