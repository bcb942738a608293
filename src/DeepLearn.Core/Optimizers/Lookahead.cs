using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// An optimizer whose weights are drawn back every few steps: after k steps of the optimizer from the slow weights s to w, <c>s = s + share
/// * (w - s)</c>, and the next steps begin at <c>w = s</c>.
/// </summary>
/// <remarks>
/// Zhang, Lucas, Hinton and Ba, "Lookahead Optimizer: k Steps Forward, 1 Step Back", 2019. The slow weights begin at the weights as they
/// are before the first step. What the optimizer remembers is kept at the step back, as there by default. Between two steps back the model
/// holds the fast weights; a run whose steps are a multiple of k ends with the slow ones.
/// </remarks>
/// <example><code>
/// TrainingPlan lookahead = plan with { Optimizer = new Lookahead(new AdamW(), steps: 5, share: 0.5), Schedule = 0.001 };
/// </code></example>
public sealed record Lookahead : Optimizer
{
    /// <summary>Draws the weights of an optimizer back.</summary>
    /// <param name="inner">The optimizer.</param>
    /// <param name="steps">The number of its steps between two steps back, at least 1. Default 5.</param>
    /// <param name="share">How far the slow weights go towards the fast ones, above 0 and at most 1. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Lookahead(Optimizer inner, int steps = 5, double share = 0.5)
    {
        Inner = inner;
        Steps = steps;
        Share = share;
    }

    /// <summary>The optimizer.</summary>
    public Optimizer Inner { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The number of the optimizer's steps between two steps back, at least 1.</summary>
    public int Steps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Steps));
            field = value;
        }
    }

    /// <summary>How far the slow weights go towards the fast ones, above 0 and at most 1, where they are the same.</summary>
    public double Share
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Share), value, "The share is above 0 and at most 1.");
    }

    /// <inheritdoc/>
    public override Optimizer WithRules(ValueList<ParameterRule> rules) => this with { Inner = Inner.WithRules(rules) };

    /// <inheritdoc/>
    public override Optimizer WithWeightDecay(double decay) => this with { Inner = Inner.WithWeightDecay(decay) };

    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) =>
        new LookaheadRuntime<T>(Inner.CreateRuntime(parameters), Steps, Share);
}
