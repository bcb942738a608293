using DeepLearn.Kernels.Activations;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A smooth rectifier: <c>log(1 + e^x)</c> element by element (Dugas, Bengio, Belisle, Nadeau and Garcia, "Incorporating Second-Order
/// Functional Knowledge for Better Option Pricing", 2000). Nothing overflows, so that there is no threshold above which it becomes linear.
/// </summary>
public sealed record Softplus : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, SoftplusActivation<T>>(build.Input, default);
    }
}
