using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// Batch normalization (Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
/// 2015): each channel is brought to mean 0 and variance 1, <c>y = scale * (x - mean) / sqrt(variance + epsilon) + shift</c>. The channels
/// are the last axis: the features of a vector, the channels of an image.
/// </summary>
/// <remarks>
/// In training, mean and variance are those of the batch: over its examples and, for images, all positions. The gradient runs through both.
/// In inference they are moving averages, <c>average = momentum * average + (1 - momentum) * batch</c>, which begin at mean 0 and variance
/// 1, take one step with every forward pass in training, and are saved with the model. The variance is that of the population, divided by
/// the count; for inference the paper and PyTorch average the sample variance, divided by the count less one. PyTorch's momentum is 1 less
/// this one. Where a channel sees a single number, as in a batch of one vector, its output is the shift.
/// </remarks>
/// <example><code>
/// // A shift by the normalization takes the place of the biases.
/// var network = new Sequential(
///     new Convolution2D(16, 3) { HasBiases = false }, new BatchNorm(), new Relu(), new Flatten(), new Dense(10));
/// </code></example>
public sealed record BatchNorm : Layer
{
    /// <summary>
    /// The weight of the old value in a step of the moving averages, at least 0 and below 1. Default 0.9. In float, above 0.999, what the
    /// averages lose to rounding is kept beside them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1).</exception>
    public double Momentum
    {
        get;
        init => field = value >= 0 && value < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Momentum), value, "The momentum of a moving average is at least 0 and below 1.");
    } = 0.9;

    /// <summary>What is added to the variance, finite and above 0. Default 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite, or not above 0.</exception>
    public double Epsilon { get; init => field = NormalizationGuard.Epsilon(value); } = 1e-5;

    /// <summary>
    /// Whether each channel is multiplied by a scale that is learned. Default true. Without, the scale is 1 and no parameter; the shift is
    /// learned either way. A scale before a ReLU and a layer with weights can be told by those weights as well.
    /// </summary>
    public bool HasScale { get; init; } = true;

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.PassesOn;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override bool ReadsPixels(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == 3;
    }

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new BatchNormRuntime<T>(this, build);
    }
}
