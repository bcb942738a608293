using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// An <see cref="OptimizerRuntime{T}"/> that adds the gradients of penalties within its own pass over a parameter, which saves a pass over
/// the values and the gradient.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IPenaltyFusingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Updates one parameter as <see cref="OptimizerRuntime{T}.Update"/> does, with the gradient <c>g + penalty.Linear * w + penalty.Sign *
    /// sign(w)</c>, where g stands in <see cref="Parameter{T}.Gradient"/>.
    /// </summary>
    /// <param name="index">The position of the parameter in <see cref="OptimizerRuntime{T}.Parameters"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="penalty">What the gradient does not hold yet. It holds the other terms.</param>
    /// <param name="step">The number of updates made before this one.</param>
    void UpdateWithPenalty(int index, double rate, PenaltyGradient penalty, long step);
}
