using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// The runtime of an optimizer that treats each number of a parameter on its own. Threads share the update of a large parameter, and
/// penalties are fused.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="parameters">The parameters of the model.</param>
public abstract class ElementwiseOptimizerRuntime<T>(
    IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters), IPenaltyFusingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A part is worth handing over from some microseconds of work; its length is a whole number of cache lines.
    private const int PartLength = 16 * 1024;

    /// <inheritdoc/>
    public sealed override void Update(int index, double rate, long step) => UpdateWithPenalty(index, rate, PenaltyGradient.None, step);

    /// <inheritdoc/>
    public void UpdateWithPenalty(int index, double rate, PenaltyGradient penalty, long step)
    {
        int count = Parameters[index].Value.Count;
        int parts = Workers.Threads == 1 ? 1 : (count + PartLength - 1) / PartLength;
        if (parts <= 1)
        {
            UpdateRange(index, 0, count, rate, penalty, step);
            return;
        }
        var body = new Body(this, index, rate, penalty, step);
        Workers.Run(ref body, parts);
    }

    /// <summary>
    /// Updates some consecutive numbers of a parameter from their gradients. Several ranges may be updated at the same time.
    /// </summary>
    /// <param name="index">The position of the parameter in <see cref="OptimizerRuntime{T}.Parameters"/>.</param>
    /// <param name="first">The position of the first number.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="penalty">
    /// The gradient of the penalty, whose linear and sign term are added to the gradient in the same pass; see
    /// <see cref="DecoupledDecay{T}.Terms"/>.
    /// </param>
    /// <param name="step">The number of updates made before this one.</param>
    protected abstract void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step);

    private readonly struct Body(
        ElementwiseOptimizerRuntime<T> owner, int index, double rate, PenaltyGradient penalty, long step) : IParallelBody
    {
        public void Run(int part)
        {
            int first = part * PartLength;
            owner.UpdateRange(index, first, Math.Min(PartLength, owner.Parameters[index].Value.Count - first), rate, penalty, step);
        }
    }
}
