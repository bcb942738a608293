using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The rectified linear unit: <c>max(0, x)</c> element by element (Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann
/// Machines", 2010). Its derivative at 0 is taken as 0; NaN stays NaN.
/// </summary>
/// <example><code>
/// Model&lt;float&gt; relu = new Relu().Build&lt;float&gt;(inputShape: 3, seed: 1);
/// Matrix&lt;float&gt; outputs = relu.Predict(Matrix&lt;float&gt;.FromArray(new float[,] { { -1, 0, 2 } }));
/// Console.WriteLine(string.Join(" ", outputs.Row(0).ToArray()));    // prints 0 0 2
/// </code></example>
public sealed record Relu : Layer
{
    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.Relu;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input.Rising(x => Math.Max(0, x));

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, ReluActivation<T>>(build.Input, default);
    }
}

/// <summary>The function of <see cref="Relu"/>.</summary>
internal readonly struct ReluActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsOutput => true;

    public static bool IsRelu => true;

    public void Forward(ReadOnlySpan<T> input, Span<T> output) => Activations.Relu(input, output);

    public void Backward(ReadOnlySpan<T> activation, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Activations.ReluBackward(activation, outputGradient, inputGradient);
}
