using System.Numerics;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>How a gradient changes the parameters. An immutable value; <see cref="CreateRuntime"/> makes the runtime.</summary>
/// <remarks>
/// <para>
/// Weight decay is to be had in two ways, which are the same for plain gradient descent and differ for every other method (Loshchilov and
/// Hutter, "Decoupled Weight Decay Regularization", 2019). A penalty, such as <c>L2</c>, is part of the cost: its derivative joins the
/// gradient, so that momentum remembers it and an adaptive method divides it by the size of the gradients; weights with large gradients are
/// decayed less. An optimizer's own <c>WeightDecay</c> is decoupled: each step multiplies the weights by <c>1 - rate * decay</c>, whatever
/// the gradient, and no penalty is added to the cost. For plain gradient descent a decay d is the penalty <c>L2</c> with <c>lambda = d /
/// 2</c>.
/// </para>
/// <para>The decay is scaled by the learning rate, as in PyTorch; in the paper it is scaled by the schedule's factor alone.</para>
/// </remarks>
/// <example><code>
/// using System.Numerics;
///
/// // An optimizer of your own: each weight goes one rate against the sign of its gradient.
/// sealed record SignDescent : Optimizer
/// {
///     public override OptimizerRuntime&lt;T&gt; CreateRuntime&lt;T&gt;(IReadOnlyList&lt;Parameter&lt;T&gt;&gt; parameters) =>
///         new SignDescentRuntime&lt;T&gt;(parameters);
/// }
///
/// sealed class SignDescentRuntime&lt;T&gt;(IReadOnlyList&lt;Parameter&lt;T&gt;&gt; parameters) : OptimizerRuntime&lt;T&gt;(parameters)
///     where T : unmanaged, IBinaryFloatingPointIeee754&lt;T&gt;
/// {
///     public override void Update(int index, double rate, long step)
///     {
///         Span&lt;T&gt; weights = Parameters[index].Value.AsSpan(), gradient = Parameters[index].Gradient.AsSpan();
///         for (int i = 0; i &lt; weights.Length; i++)
///         {
///             if (gradient[i] != T.Zero)
///                 weights[i] -= T.CreateChecked(rate) * (gradient[i] / T.Abs(gradient[i]));
///         }
///     }
/// }
/// </code></example>
public abstract record Optimizer
{
    /// <summary>Makes the runtime that updates a model's parameters, with state of its own at the beginning.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters of the model.</param>
    /// <exception cref="ArgumentException">
    /// The options do not go together, or with the parameters; or one that is above 0 is 0, or infinite, in the precision of these.
    /// </exception>
    public abstract OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// This optimizer, ruled for each selection of parameters: which are frozen, at which rate, with which decay or by which other
    /// optimizer they are updated. The first rule whose selection includes a parameter decides about it; one that no rule includes is
    /// updated by this optimizer as it stands.
    /// </summary>
    /// <remarks>
    /// One that wraps another passes the rules on to it, so that <c>ClippedByNorm</c> takes the gradient of all parameters together that
    /// are updated. By default it is a <see cref="GroupedOptimizer"/>.
    /// </remarks>
    /// <param name="rules">The rules, in order; none for this optimizer itself.</param>
    /// <exception cref="ArgumentException">A rule contradicts itself, or gives a decay to an optimizer that has none.</exception>
    public virtual Optimizer WithRules(ValueList<ParameterRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.Count == 0 ? this : new GroupedOptimizer(this, rules);
    }

    /// <summary>This optimizer with another decoupled weight decay, of every parameter that it is given.</summary>
    /// <param name="decay">The decay: a step takes <c>rate * decay * w</c> from a value w. Finite and at least 0.</param>
    /// <exception cref="ArgumentException">The optimizer has no decay of its own, and <paramref name="decay"/> is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is out of its range.</exception>
    public virtual Optimizer WithWeightDecay(double decay) => OptimizerGuard.NotNegative(decay, nameof(decay)) == 0
        ? this
        : throw new ArgumentException(
            $"{GetType().Name} has no weight decay of its own; expected an optimizer that has one, such as {nameof(AdamW)} or "
            + $"{nameof(Sgd)}.",
            nameof(decay));

    /// <summary>This optimizer with the gradient of all parameters together shortened to a maximum length first.</summary>
    /// <param name="maximum">The greatest Euclidean length, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is out of its range.</exception>
    public NormClipping ClippedByNorm(double maximum) => new(this, maximum);

    /// <summary>This optimizer with every element of the gradient brought into a range around 0 first.</summary>
    /// <param name="limit">The greatest magnitude of an element, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of its range.</exception>
    public ValueClipping ClippedByValue(double limit) => new(this, limit);

    /// <summary>This optimizer with its weights drawn back every few steps.</summary>
    /// <param name="steps">The number of steps between two steps back, at least 1. Default 5.</param>
    /// <param name="share">How far the slow weights go towards the fast ones, above 0 and at most 1. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Lookahead WithLookahead(int steps = 5, double share = 0.5) => new(this, steps, share);

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>Writes what the value was made of, without what follows from that: by default nothing.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return PartText.AppendType(this, builder);
    }
}
