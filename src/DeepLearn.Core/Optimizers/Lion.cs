using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// The sign of an interpolated momentum: <c>w = (1 - rate * decay) * w - rate * sign(beta1 * m + (1 - beta1) * g)</c>, then <c>m = beta2 *
/// m + (1 - beta2) * g</c>. The sign of 0 is 0.
/// </summary>
/// <remarks>
/// Chen, Liang, Huang and others, "Symbolic Discovery of Optimization Algorithms", 2023. Every weight moves by the whole learning rate in
/// each step. So the rate should be three to ten times smaller than Adam's, and the decay as many times larger. Unlike in the paper, biases
/// and the scales and shifts of normalizations do not decay unless <see cref="DecayAppliesTo"/> says so.
/// </remarks>
/// <example><code>
/// // About a tenth of Adam's rate, and ten times its decay.
/// TrainingPlan lion = plan with { Optimizer = new Lion { WeightDecay = 0.1 }, Schedule = 1e-4 };
/// </code></example>
public sealed record Lion : Optimizer
{
    /// <summary>The part of the momentum in the direction of a step, at least 0 and below 1. Default 0.9.</summary>
    public double Beta1 { get; init => field = OptimizerGuard.Fraction(value, nameof(Beta1)); } = 0.9;

    /// <summary>The part of the momentum that stays from one step to the next, at least 0 and below 1. Default 0.99.</summary>
    public double Beta2 { get; init => field = OptimizerGuard.Fraction(value, nameof(Beta2)); } = 0.99;

    /// <summary>The decoupled weight decay: a step multiplies the weights by <c>1 - rate * decay</c>. At least 0. Default 0.</summary>
    public double WeightDecay { get; init => field = OptimizerGuard.NotNegative(value, nameof(WeightDecay)); }

    /// <summary>Which parameters decay. Default: weights alone.</summary>
    public ParameterSelection DecayAppliesTo { get; init => field = PropertyGuard.NotNull(value); } = ParameterSelection.Weights;

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) =>
        this with { WeightDecay = decay, DecayAppliesTo = ParameterSelection.All };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new LionRuntime<T>(this, parameters);
}
