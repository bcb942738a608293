using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// The runtime of an optimizer that treats each number of a parameter on its own, so that threads can share the update of a large one.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="parameters">The parameters of the model.</param>
public abstract class ElementwiseOptimizerRuntime<T>(IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A part is worth handing over from some microseconds of work; its length is a whole number of cache lines.
    private const int PartLength = 16 * 1024;

    /// <inheritdoc/>
    public sealed override void Update(int index, double rate, double derivative, long step)
    {
        int count = Parameters[index].Value.Count;
        int parts = Workers.Threads == 1 ? 1 : (count + PartLength - 1) / PartLength;
        if (parts <= 1)
        {
            UpdateRange(index, 0, count, rate, derivative, step);
            return;
        }
        var body = new Body(this, index, rate, derivative, step);
        Workers.Run(ref body, parts);
    }

    /// <summary>
    /// Updates some consecutive numbers of a parameter from their gradients. Several ranges may be updated at the same time.
    /// </summary>
    /// <param name="index">The position of the parameter in <see cref="OptimizerRuntime{T}.Parameters"/>.</param>
    /// <param name="first">The position of the first number.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="derivative">
    /// The factor c of a penalty whose derivative is c times the value, which is added to the gradient in the same pass; 0 for none.
    /// </param>
    /// <param name="step">The number of updates made before this one.</param>
    protected abstract void UpdateRange(int index, int first, int count, double rate, double derivative, long step);

    private readonly struct Body(ElementwiseOptimizerRuntime<T> owner, int index, double rate, double derivative, long step) : IParallelBody
    {
        public void Run(int part)
        {
            int first = part * PartLength;
            owner.UpdateRange(index, first, Math.Min(PartLength, owner.Parameters[index].Value.Count - first), rate, derivative, step);
        }
    }
}
