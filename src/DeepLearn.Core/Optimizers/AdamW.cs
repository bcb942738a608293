using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// <see cref="Adam"/> with decoupled decay: <c>w = (1 - rate * decay) * w - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) +
/// epsilon)</c>.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019. The decay is scaled by the rate, as in PyTorch. Other than there,
/// biases and the scales and shifts of normalizations do not decay unless <see cref="DecayAppliesTo"/> says so.
/// </remarks>
/// <example><code>TrainingPlan decayed = plan with { Optimizer = new AdamW { WeightDecay = 0.01 }, Schedule = 0.001 };</code></example>
public sealed record AdamW : Optimizer
{
    /// <summary>The part of the mean gradient that stays from one step to the next, at least 0 and below 1. Default 0.9.</summary>
    public double Beta1 { get; init => field = OptimizerGuard.Fraction(value, nameof(Beta1)); } = 0.9;

    /// <summary>The part of the mean square that stays from one step to the next, at least 0 and below 1. Default 0.999.</summary>
    public double Beta2 { get; init => field = OptimizerGuard.Fraction(value, nameof(Beta2)); } = 0.999;

    /// <summary>
    /// Added to the root so that nothing is divided by 0; finite and above 0, in the precision that is trained in too. Default 1e-8.
    /// </summary>
    public double Epsilon { get; init => field = OptimizerGuard.Positive(value, nameof(Epsilon)); } = 1e-8;

    /// <summary>The decoupled weight decay: a step multiplies the weights by <c>1 - rate * decay</c>. At least 0. Default 0.01.</summary>
    public double WeightDecay { get; init => field = OptimizerGuard.NotNegative(value, nameof(WeightDecay)); } = 0.01;

    /// <summary>Which parameters decay. Default: weights alone.</summary>
    public ParameterSelection DecayAppliesTo { get; init => field = PropertyGuard.NotNull(value); } = ParameterSelection.Weights;

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) =>
        this with { WeightDecay = decay, DecayAppliesTo = ParameterSelection.All };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) =>
        new AdamRuntime<T>(Beta1, Beta2, Epsilon, new(WeightDecay, DecayAppliesTo, parameters), parameters);
}
