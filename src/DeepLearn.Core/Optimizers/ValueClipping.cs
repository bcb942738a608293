using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// An optimizer before which every element of the gradient is brought into a range: <c>g = min(max(g, -limit), limit)</c>.
/// </summary>
/// <remarks>
/// Mikolov, "Statistical Language Models Based on Neural Networks", 2012. It changes the gradient's direction, which clipping by norm does
/// not. The gradient is that of the whole cost, penalties included; it is clipped where it stands, in <see cref="Parameter{T}.Gradient"/>.
/// NaN stays NaN.
/// </remarks>
/// <example><code>
/// TrainingPlan clipped = plan with { Optimizer = new Adam().ClippedByValue(limit: 0.5), Schedule = 0.001 };
/// </code></example>
public sealed record ValueClipping : Optimizer
{
    /// <summary>Puts clipping by value before an optimizer.</summary>
    /// <param name="inner">The optimizer.</param>
    /// <param name="limit">The greatest magnitude of an element, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of its range.</exception>
    public ValueClipping(Optimizer inner, double limit)
    {
        Inner = inner;
        Limit = limit;
    }

    /// <summary>The optimizer.</summary>
    public Optimizer Inner { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The greatest magnitude of an element, finite and above 0.</summary>
    public double Limit { get; init => field = OptimizerGuard.Positive(value, nameof(Limit)); }

    /// <inheritdoc/>
    public override Optimizer WithRules(ValueList<ParameterRule> rules) => this with { Inner = Inner.WithRules(rules) };

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) => this with { Inner = Inner.WithWeightDecay(decay) };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) =>
        new ValueClippingRuntime<T>(Inner.CreateRuntime(parameters), Limit);
}
