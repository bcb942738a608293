using System.Numerics;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// Scale, penalties and decay that are fused into the step of an optimizer. The gradient becomes <c>g' = gradientScale g + l2 w + l1
/// sign(w)</c>, and a step of <c>rate direction</c> becomes <c>rate (direction + decay w)</c>.
/// </summary>
/// <remarks>
/// The decay is added to the direction. As a factor <c>1 - rate decay</c> on the weight it would be lost below 2^-25 in float, since the
/// factor is rounded to 1.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="GradientScale">The factor of the gradient, above 0: 1 for none, below 1 to clip the gradient by its norm.</param>
/// <param name="L1">The factor of the L1 penalty <c>l1 |w|</c>, at least 0; 0 for none.</param>
/// <param name="L2">The factor of the L2 penalty <c>l2/2 w^2</c>, at least 0; 0 for none.</param>
/// <param name="Decay">The weight decay that is decoupled from the gradient, at least 0; 0 for none.</param>
public readonly record struct UpdateTerms<T>(T GradientScale, T L1, T L2, T Decay)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>No scale, penalty or decay.</summary>
    public static UpdateTerms<T> None => new(T.One, T.Zero, T.Zero, T.Zero);
}
