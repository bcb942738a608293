using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// Layer normalization (Ba, Kiros and Hinton, "Layer Normalization", 2016): the last axis of each example is brought to mean 0 and variance
/// 1, <c>y = scale * (x - mean) / sqrt(variance + epsilon) + shift</c>. The last axis is all the features of a vector, and the channels of
/// an image, at each position by itself. No example depends on another, and training computes what inference does.
/// </summary>
/// <remarks>
/// There is a scale and a shift for each index of the last axis. The variance is that of the population, divided by the count. The paper
/// normalizes an image over all its positions too; to normalize over the channels alone became usual later.
/// </remarks>
/// <example><code>var network = new Sequential(new Dense(50), new LayerNorm(), new Relu(), new Dense(10));</code></example>
public sealed record LayerNorm : Layer
{
    /// <summary>What is added to the variance, finite and above 0. Default 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite, or not above 0.</exception>
    public double Epsilon { get; init => field = NormalizationGuard.Epsilon(value); } = 1e-5;

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.PassesOn;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new LayerNormRuntime<T>(this, build);
    }
}
