using System.Numerics;
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
public abstract record Optimizer
{
    /// <summary>Makes the runtime that updates a model's parameters, with state of its own at the beginning.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters of the model.</param>
    /// <exception cref="ArgumentException">The options do not go together, or with the parameters.</exception>
    public abstract OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>This optimizer with the gradient of all parameters together shortened to a maximum length first.</summary>
    /// <param name="maximum">The greatest Euclidean length, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is out of its range.</exception>
    public NormClipping ClippedByNorm(double maximum) => new(this, maximum);

    /// <summary>This optimizer with every element of the gradient brought into a range around 0 first.</summary>
    /// <param name="limit">The greatest magnitude of an element, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of its range.</exception>
    public ValueClipping ClippedByValue(double limit) => new(this, limit);
}
