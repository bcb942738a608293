using DeepLearn.Kernels.Activations;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The hyperbolic tangent element by element; derivative <c>1 - y^2</c>.
/// </summary>
public sealed record Tanh : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, TanhActivation<T>>(build.Input, default);
    }
}
