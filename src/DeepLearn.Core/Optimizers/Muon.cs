using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// Momentum whose step is made orthogonal: <c>v = momentum * v + g</c>; of <c>d = g + momentum * v</c> the matrix with the same directions
/// of which all have about one length, <c>U V'</c> where <c>d = U S V'</c>, is taken, and <c>w = w - rate * scale * U V'</c>.
/// </summary>
/// <remarks>
/// <para>
/// Jordan, Jin, Boza, You, Cesista, Newhouse and Bernstein, "Muon: An Optimizer for Hidden Layers in Neural Networks", 2024. Directions
/// with small gradients are learned as fast as those with large ones. <c>U V'</c> comes of some iterations of Newton and Schulz's kind,
/// <c>X = a X + b X X'X + c X (X'X)^2</c>, which begin at d divided by its Euclidean length and bring every singular value to about 1: with
/// their coefficients (3.4445, -4.7750, 2.0315) most to between 0.7 and 1.2, small ones not all the way. There the products are made in
/// bfloat16, here in the precision of the training.
/// </para>
/// <para>
/// It is made for the matrices of hidden layers, of convolutions too, whose weights are matrices of patches times filters. Biases, the
/// scales and shifts of normalizations and the last layer are better left to another optimizer: <see cref="ParameterRule.Optimizer"/>. Of a
/// parameter of one row or column it makes a step of length about 1.
/// </para>
/// </remarks>
/// <example><code>
/// TrainingPlan muon = plan with
/// {
///     Optimizer = new AdamW(),
///     Parameters =
///     [
///         new ParameterRule(ParameterSelection.Weights with { Except = ["dense2/*"] }) { Optimizer = new Muon(), RateFactor = 20 },
///     ],
/// };
/// </code></example>
public sealed record Muon : Optimizer
{
    /// <summary>The part of the velocity that stays from one step to the next, at least 0 and below 1. Default 0.95.</summary>
    public double Momentum { get; init => field = OptimizerGuard.Fraction(value, nameof(Momentum)); } = 0.95;

    /// <summary>Whether the step is made of <c>g + momentum * v</c>, one step ahead; otherwise of v. Default true.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>The number of iterations, from 1 to 20. Default 5. Each multiplies three times.</summary>
    public int Iterations
    {
        get;
        init => field = value is >= 1 and <= 20
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Iterations), value, "The number of iterations is from 1 to 20.");
    } = 5;

    /// <summary>What the orthogonal step is multiplied by. Default: <see cref="MuonScale.Outputs"/>.</summary>
    public MuonScale Scale
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Scale), value, "A scale is Outputs, LikeAdam or None.");
    }

    /// <summary>
    /// Whether each step begins by bringing the weights to the Euclidean length <c>sqrt(outputs)</c>, so that a step turns them by an angle
    /// that the rate alone gives. It is for weights before a normalization, for which their length means nothing (Jordan, 2024, the
    /// CIFAR-10 record). Default false.
    /// </summary>
    public bool NormalizesWeights { get; init; }

    /// <summary>
    /// The decoupled weight decay: a step takes <c>rate * decay * w</c>, which <see cref="Scale"/> does not multiply. At least 0. Default
    /// 0.
    /// </summary>
    public double WeightDecay { get; init => field = OptimizerGuard.NotNegative(value, nameof(WeightDecay)); }

    /// <summary>Which parameters decay. Default: weights alone.</summary>
    public ParameterSelection DecayAppliesTo { get; init => field = PropertyGuard.NotNull(value); } = ParameterSelection.Weights;

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) =>
        this with { WeightDecay = decay, DecayAppliesTo = ParameterSelection.All };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new MuonRuntime<T>(this, parameters);
}
