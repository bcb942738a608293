using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// What is different for a selection of a model's parameters: that they are frozen, or at which rate, with which decay or by which other
/// optimizer they are updated. An immutable value.
/// </summary>
/// <remarks>
/// A frozen parameter stays bit for bit as it is: no update, no decay, no penalty, no constraint. Its gradient is not computed, and the
/// backward pass ends at the first layer that learns, so that training the last layers of a large network costs little more than running
/// it. What a layer keeps besides its parameters is not frozen: the moving averages of a batch normalization go on moving in training.
/// </remarks>
/// <example>
/// <code>
/// TrainingPlan tuning = plan with
/// {
///     Parameters =
///     [
///         new ParameterRule("dense2/*") { RateFactor = 10, WeightDecay = 0 },
///         new ParameterRule(ParameterSelection.All) { Freezes = true },
///     ],
/// };
/// </code>
/// </example>
public sealed record ParameterRule
{
    /// <summary>Makes a rule for a selection.</summary>
    /// <param name="selection">Which parameters it is for.</param>
    public ParameterRule(ParameterSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        Selection = selection;
    }

    /// <summary>Makes a rule for the parameters, of whatever role, whose name matches a pattern.</summary>
    /// <param name="patterns">The patterns, as in <c>dense1/*</c>; at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is empty.</exception>
    public ParameterRule(params string[] patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        if (patterns.Length == 0)
            throw new ArgumentException("A rule is for the names of at least one pattern; found none.", nameof(patterns));
        foreach (string pattern in patterns)
            ArgumentException.ThrowIfNullOrEmpty(pattern, nameof(patterns));
        Selection = ParameterSelection.All with { Only = [.. patterns] };
    }

    /// <summary>Which parameters it is for.</summary>
    public ParameterSelection Selection { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>Whether the parameters stay as they are. Default false. A rule that freezes has none of the other options.</summary>
    public bool Freezes { get; init; }

    /// <summary>What the learning rate is multiplied by, finite and above 0. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public double RateFactor { get; init => field = OptimizerGuard.Positive(value, nameof(RateFactor)); } = 1;

    /// <summary>
    /// The decoupled weight decay of the parameters, whatever their role, in the place of the optimizer's: a step takes <c>rate *
    /// RateFactor * decay * w</c>. Finite and at least 0; null, the default, for what the optimizer says.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public double? WeightDecay
    {
        get;
        init => field = value is { } decay ? OptimizerGuard.NotNegative(decay, nameof(WeightDecay)) : null;
    }

    /// <summary>The optimizer of the parameters; null, the default, for that of all the others.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>The optimizer of the rule's parameters, where they have one.</summary>
    /// <exception cref="ArgumentException">The rule contradicts itself, or gives a decay to an optimizer that has none.</exception>
    internal Optimizer? OptimizerOr(Optimizer others)
    {
        if (Freezes)
        {
            return RateFactor == 1 && WeightDecay is null && Optimizer is null
                ? null
                : throw new ArgumentException($"What is frozen has neither rate factor, decay nor optimizer; found {this}.");
        }
        Optimizer optimizer = Optimizer ?? others;
        return WeightDecay is { } decay ? optimizer.WithWeightDecay(decay) : optimizer;
    }
}
