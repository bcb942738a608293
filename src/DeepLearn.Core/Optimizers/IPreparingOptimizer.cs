using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// An <see cref="OptimizerRuntime{T}"/> that looks at all gradients together before any parameter is updated, as clipping by norm does.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IPreparingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Called once a step, when every gradient is there. It may change the gradients where they stand.</summary>
    /// <param name="penalties">
    /// For a runtime that fuses penalties (<see cref="IPenaltyFusingOptimizer{T}"/>): for each parameter what its gradient does not hold
    /// yet. Empty for any other runtime, whose gradients hold every penalty.
    /// </param>
    /// <param name="step">The number of updates made before this one.</param>
    void Prepare(ReadOnlySpan<PenaltyGradient> penalties, long step);
}
