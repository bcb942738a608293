using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// Stochastic gradient descent, <c>w = w - rate * g</c>; with momentum <c>v = momentum * v + g</c> and <c>w = w - rate * v</c>; with
/// Nesterov's <c>w = w - rate * (g + momentum * v)</c>. A decay multiplies w by <c>1 - rate * decay</c> in the same step.
/// </summary>
/// <remarks>
/// Robbins and Monro, "A Stochastic Approximation Method", 1951; Polyak, "Some Methods of Speeding Up the Convergence of Iteration
/// Methods", 1964; Nesterov's form as in Sutskever, Martens, Dahl and Hinton, "On the Importance of Initialization and Momentum in Deep
/// Learning", 2013. As in PyTorch, and other than in the last, the rate stands outside of the velocity, so that a change of rate acts at
/// once on all of it. The decay is decoupled (SGDW; see <see cref="Optimizer"/>), where PyTorch's <c>weight_decay</c> is the penalty
/// <c>L2</c>.
/// </remarks>
/// <example><code>
/// TrainingPlan momentum = plan with { Optimizer = new Sgd { Momentum = 0.9, Nesterov = true }, Schedule = 0.01 };
/// </code></example>
public sealed record Sgd : Optimizer
{
    /// <summary>The part of the velocity that stays from one step to the next, at least 0 and below 1. Default 0: no momentum.</summary>
    public double Momentum { get; init => field = OptimizerGuard.Fraction(value, nameof(Momentum)); }

    /// <summary>
    /// Whether Nesterov's form is used, which takes the gradient one step ahead. It needs a momentum above 0. Default false.
    /// </summary>
    public bool Nesterov { get; init; }

    /// <summary>The decoupled weight decay: a step multiplies the weights by <c>1 - rate * decay</c>. At least 0. Default 0.</summary>
    public double WeightDecay { get; init => field = OptimizerGuard.NotNegative(value, nameof(WeightDecay)); }

    /// <summary>Which parameters decay. Default: weights alone.</summary>
    public ParameterSelection DecayAppliesTo { get; init => field = PropertyGuard.NotNull(value); } = ParameterSelection.Weights;

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) =>
        this with { WeightDecay = decay, DecayAppliesTo = ParameterSelection.All };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters)
    {
        if (Nesterov && Momentum == 0)
            throw new ArgumentException("Nesterov's form needs a momentum above 0; found 0.");
        return Momentum == 0 ? new SgdRuntime<T>(this, parameters) : new MomentumRuntime<T>(this, parameters);
    }
}
