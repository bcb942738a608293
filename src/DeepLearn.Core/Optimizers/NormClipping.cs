using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// Clips the gradient by its norm before another optimizer uses it. Where the Euclidean length n of the gradient of all parameters together
/// is above the maximum, the gradient is shortened to it: <c>g = g * maximum / n</c>.
/// </summary>
/// <remarks>
/// Pascanu, Mikolov and Bengio, "On the Difficulty of Training Recurrent Neural Networks", 2013. The gradient is that of the whole cost,
/// penalties included. The length is summed in double, parameter by parameter in their order. PyTorch's <c>clip_grad_norm_</c> adds 1e-6 to
/// the length before it divides; here the maximum is met. Where the length is not finite nothing is clipped, so that the fault shows.
/// <see cref="Parameter{T}.Gradient"/> holds the shortened gradient, without the linear terms of penalties.
/// </remarks>
/// <example><code>TrainingPlan clipped = plan with { Optimizer = new Sgd { Momentum = 0.9 }.ClippedByNorm(maximum: 1) };</code></example>
public sealed record NormClipping : Optimizer
{
    /// <summary>Puts clipping by norm before an optimizer.</summary>
    /// <param name="inner">The optimizer.</param>
    /// <param name="maximum">The greatest Euclidean length, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is out of its range.</exception>
    public NormClipping(Optimizer inner, double maximum)
    {
        Inner = inner;
        Maximum = maximum;
    }

    /// <summary>The optimizer.</summary>
    public Optimizer Inner { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The greatest Euclidean length, finite and above 0.</summary>
    public double Maximum { get; init => field = OptimizerGuard.Positive(value, nameof(Maximum)); }

    /// <inheritdoc/>
    public override Optimizer WithRules(ValueList<ParameterRule> rules) => this with { Inner = Inner.WithRules(rules) };

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) => this with { Inner = Inner.WithWeightDecay(decay) };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) =>
        new NormClippingRuntime<T>(Inner.CreateRuntime(parameters), Maximum);
}
