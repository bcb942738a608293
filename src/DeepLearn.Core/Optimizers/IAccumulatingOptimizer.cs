using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// An <see cref="OptimizerRuntime{T}"/> whose step is <c>value = keep * value + scale * gradient</c> with two numbers, so that the product
/// that makes the gradient can accumulate straight into the value, without a gradient between.
/// </summary>
/// <remarks>
/// The training step asks about each parameter whose penalty's gradient has no other terms. A runtime that looks at all gradients first
/// (<see cref="IPreparingOptimizer{T}"/>) is not asked.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IAccumulatingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The two factors of a parameter's next update, penalty included.</summary>
    /// <param name="index">The position of the parameter in <see cref="OptimizerRuntime{T}.Parameters"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="penalty">The gradient of the penalty, which the update is to include.</param>
    /// <param name="scale">The factor of the gradient.</param>
    /// <param name="keep">The factor of the value.</param>
    /// <returns>
    /// Whether the update has this form at this rate. It may not where the factor of the value is too near 1 to hold a decay. Where it has
    /// not, the gradient is written, and <see cref="OptimizerRuntime{T}.UpdateParameter"/> is called. At a rate of 0 it is whether it ever
    /// has.
    /// </returns>
    bool TryGetDirectUpdate(int index, double rate, PenaltyGradient penalty, out T scale, out T keep);
}
