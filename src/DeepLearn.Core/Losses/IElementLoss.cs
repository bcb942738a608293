using System.Numerics;

namespace DeepLearn.Losses;

/// <summary>
/// The loss of one output against one target, and its derivative: what <see cref="ElementwiseLoss"/> applies to a batch, a user's own as
/// well as the library's. Write it as a readonly struct; its fields are the loss's options.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IElementLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The loss of an output.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="target">What it should have been.</param>
    /// <param name="derivative">The derivative of the loss with respect to the output.</param>
    T Compute(T output, T target, out T derivative);
}
