using DeepLearn.Kernels.Activations;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The logistic function <c>1 / (1 + e^-x)</c> element by element; derivative <c>y (1 - y)</c>.
/// </summary>
public sealed record Sigmoid : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new ActivationRuntime<T, SigmoidActivation<T>>(build.Input, default);
    }
}
