using System.Numerics;

namespace DeepLearn.Layers;

/// <summary>
/// A function of one number that a layer applies to every element, and its derivative. Write it as a struct with the function's parameters
/// as fields; an <see cref="ActivationRuntime{T, TActivation}"/> then calls it directly.
/// </summary>
/// <remarks>
/// The elements may be divided among threads in any way. So the result for an element depends on that element alone, bit for bit.
/// <see cref="Kernels.Elementwise.Map"/> makes such functions from a formula.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// using System.Numerics;
/// using DeepLearn.Kernels.Elementwise;
///
/// // f(x) = x^2, f'(x) = 2x
/// sealed record Squared : Layer
/// {
///     public override Shape OutputShape(Shape input) => input;
///
///     public override LayerRuntime&lt;T&gt; CreateRuntime&lt;T&gt;(LayerBuild build) =>
///         new ActivationRuntime&lt;T, SquaredActivation&lt;T&gt;&gt;(build.Input, default);
/// }
///
/// readonly struct SquaredActivation&lt;T&gt; : IActivation&lt;T&gt;
///     where T : unmanaged, IBinaryFloatingPointIeee754&lt;T&gt;
/// {
///     public static bool ReadsOutput => false;
///
///     public void Forward(ReadOnlySpan&lt;T&gt; input, Span&lt;T&gt; output) => Arithmetic.Square(input, output);
///
///     public void Backward(ReadOnlySpan&lt;T&gt; activation, ReadOnlySpan&lt;T&gt; outputGradient, Span&lt;T&gt; inputGradient)
///     {
///         for (int i = 0; i &lt; activation.Length; i++)
///             inputGradient[i] = (activation[i] + activation[i]) * outputGradient[i];
///     }
/// }
/// </code></example>
public interface IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether <see cref="Backward"/> reads the function's values, so that they may overwrite its arguments; otherwise it reads the
    /// arguments.
    /// </summary>
    static abstract bool ReadsOutput { get; }

    /// <summary>
    /// Whether the function is that of <see cref="Kernels.Elementwise.Activations.Relu"/>, bit for bit, so that it can be fused into the
    /// layer before; see <see cref="LayerTraits.IsRelu"/>. <see cref="Backward"/> may be any. Default false.
    /// </summary>
    static virtual bool IsRelu => false;

    /// <summary>Computes <c>y = f(x)</c> for every element.</summary>
    /// <param name="input">The arguments x.</param>
    /// <param name="output">Where the values go, as many; it may be the span of arguments.</param>
    void Forward(ReadOnlySpan<T> input, Span<T> output);

    /// <summary>Computes the gradient of the arguments: <c>f'(x)</c> times the gradient of the values.</summary>
    /// <param name="activation">The values y where <see cref="ReadsOutput"/> says so, otherwise the arguments x.</param>
    /// <param name="outputGradient">The gradient of the values.</param>
    /// <param name="inputGradient">
    /// Where the gradient of the arguments goes; it may be the span of <paramref name="outputGradient"/>.
    /// </param>
    void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient);
}
