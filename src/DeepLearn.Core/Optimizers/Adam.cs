using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// Adaptive moments: <c>m = beta1 * m + (1 - beta1) * g</c>, <c>v = beta2 * v + (1 - beta2) * g^2</c>, and with both corrected for their
/// start at 0, <c>w = w - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)</c>, t counted from 1.
/// </summary>
/// <remarks>
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015. It has no weight decay of its own. The gradient of a penalty such as
/// <c>L2</c> joins the loss's and is divided by its size as well; for a decay that is not, use <see cref="AdamW"/>. Usual learning rates
/// are about 1e-3.
/// </remarks>
/// <example><code>TrainingPlan adam = plan with { Optimizer = new Adam(), Schedule = 0.001 };</code></example>
public sealed record Adam : Optimizer
{
    /// <summary>The part of the mean gradient that stays from one step to the next, at least 0 and below 1. Default 0.9.</summary>
    public double Beta1 { get; init => field = OptimizerGuard.Fraction(value, nameof(Beta1)); } = 0.9;

    /// <summary>The part of the mean square that stays from one step to the next, at least 0 and below 1. Default 0.999.</summary>
    public double Beta2 { get; init => field = OptimizerGuard.Fraction(value, nameof(Beta2)); } = 0.999;

    /// <summary>
    /// Added to the root so that nothing is divided by 0; finite and above 0, in the precision that is trained in too. Default 1e-8.
    /// </summary>
    public double Epsilon { get; init => field = OptimizerGuard.Positive(value, nameof(Epsilon)); } = 1e-8;

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) =>
        new AdamRuntime<T>(Beta1, Beta2, Epsilon, new(0, ParameterSelection.Weights, parameters), parameters);
}
