using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Reductions;

namespace DeepLearn.Losses;

/// <summary>What the softmax of an example divided by, from the scores and what it gave.</summary>
internal static class SoftmaxSum
{
    /// <summary>
    /// The greatest of an example's scores, and the logarithm of the sum of <c>exp(score - greatest)</c>, which is the inverse of the
    /// greatest probability. In double, since the distance of two scores may leave the range of a float, and since their sum with a large
    /// score would lose the logarithm's digits.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static (double Greatest, double LogOfSum) Of<T>(ReadOnlySpan<T> scores, ReadOnlySpan<T> probabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (Precision.ToDouble(Reduce.Max(scores)), -VectorMath.Log(Precision.ToDouble(Reduce.Max(probabilities))));
}
