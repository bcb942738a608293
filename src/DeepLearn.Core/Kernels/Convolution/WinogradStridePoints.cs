namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The points of F(4, 2), by which the first and the last tap of a kernel with a stride of 2 are computed: 3/8, -3/8, 5/4, -5/4 and
/// infinity. Of pairs of sixteenths they had the least rounding errors of outputs, below those of the direct algorithm, in a search of all
/// to 2. All factors but those of the kernels are exact.
/// </summary>
internal static class WinogradStridePoints
{
    /// <summary>The nearer point, and its square.</summary>
    public const double Near = 0.375, NearSquared = Near * Near;

    /// <summary>The farther point, and its square.</summary>
    public const double Far = 1.25, FarSquared = Far * Far;

    /// <summary>The coefficients of <c>(x^2 - Near^2) (x^2 - Far^2) = x^4 - Sum x^2 + Product</c>.</summary>
    public const double Sum = NearSquared + FarSquared, Product = NearSquared * FarSquared;

    /// <summary>For each pair, the point by the product of its differences to all others; both of a pair have the same.</summary>
    public const double OfNear = 1 / (2 * (NearSquared - FarSquared)), OfFar = -OfNear;
}
