using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// The gradient divided by a moving root mean square of its own: <c>s = decay * s + (1 - decay) * g^2</c>, <c>u = g / (sqrt(s) +
/// epsilon)</c>; with momentum <c>v = momentum * v + u</c>, and <c>w = w - rate * v</c>.
/// </summary>
/// <remarks>
/// Tieleman and Hinton, "Lecture 6.5: RMSProp", Coursera, 2012. As in PyTorch, the epsilon is outside of the root, and the momentum is of
/// the divided gradients. PyTorch's <c>alpha</c> is <see cref="Decay"/>, with a default of 0.99 there; its <c>centered</c> is not offered.
/// </remarks>
/// <example><code>TrainingPlan rms = plan with { Optimizer = new RmsProp { Momentum = 0.9 }, Schedule = 0.001 };</code></example>
public sealed record RmsProp : Optimizer
{
    /// <summary>
    /// The part of the mean square that stays from one step to the next, at least 0 and below 1. Default 0.9, as in the lecture.
    /// </summary>
    public double Decay { get; init => field = OptimizerGuard.Fraction(value, nameof(Decay)); } = 0.9;

    /// <summary>
    /// Added to the root so that nothing is divided by 0; finite and above 0, in the precision that is trained in too. Default 1e-8.
    /// </summary>
    public double Epsilon { get; init => field = OptimizerGuard.Positive(value, nameof(Epsilon)); } = 1e-8;

    /// <summary>The part of the velocity that stays from one step to the next, at least 0 and below 1. Default 0: no momentum.</summary>
    public double Momentum { get; init => field = OptimizerGuard.Fraction(value, nameof(Momentum)); }

    /// <summary>The decoupled weight decay: a step multiplies the weights by <c>1 - rate * decay</c>. At least 0. Default 0.</summary>
    public double WeightDecay { get; init => field = OptimizerGuard.NotNegative(value, nameof(WeightDecay)); }

    /// <summary>Which parameters decay. Default: weights alone.</summary>
    public ParameterSelection DecayAppliesTo { get; init => field = PropertyGuard.NotNull(value); } = ParameterSelection.Weights;

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) =>
        this with { WeightDecay = decay, DecayAppliesTo = ParameterSelection.All };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new RmsPropRuntime<T>(this, parameters);
}
