using System.Numerics;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// What an optimizer's update does to a gradient and a weight on the way, in the same pass: the gradient becomes
/// <c>g' = gradientScale g + l2 w + l1 sign(w)</c>, and a step of <c>rate direction</c> becomes <c>rate (direction + decay w)</c>.
/// </summary>
/// <remarks>
/// The decay joins the direction, and not the weight as a factor <c>1 - rate decay</c>: that factor, rounded, holds no decay below 2^-25
/// in float.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="GradientScale">The factor of the gradient, above 0: 1 for none; below 1 to clip by norm.</param>
/// <param name="L1">The derivative of the L1 penalty, at least 0: 0 for none.</param>
/// <param name="L2">The derivative of the L2 penalty per unit of weight: the penalty is <c>l2/2 w^2</c>; 0 for none.</param>
/// <param name="Decay">A weight decay decoupled from the gradient, at least 0; 0 for none.</param>
public readonly record struct UpdateTerms<T>(T GradientScale, T L1, T L2, T Decay)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The gradient and the weight as they are.</summary>
    public static UpdateTerms<T> None => new(T.One, T.Zero, T.Zero, T.Zero);
}
