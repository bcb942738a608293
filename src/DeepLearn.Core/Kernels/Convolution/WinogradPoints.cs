namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The points of the tiles that read 6x6 inputs: 0, 5/8, -5/8, 3/2, -3/2 and infinity. Lavin and Gray take 0, 1, -1, 2, -2; these more than
/// halve the rounding errors, since the powers of a point and of its neighbor balance (as Barabasz et al. look for in "Error Analysis and
/// Improving the Accuracy of Winograd Convolution for Deep Neural Networks", 2020), and all factors but those of the kernels are exact.
/// </summary>
internal static class WinogradPoints
{
    /// <summary>The nearer point, and its square.</summary>
    public const double Near = 0.625, NearSquared = Near * Near;

    /// <summary>The farther point, and its square.</summary>
    public const double Far = 1.5, FarSquared = Far * Far;

    /// <summary>The coefficients of <c>(x^2 - Near^2) (x^2 - Far^2) = x^4 - Sum x^2 + Product</c>.</summary>
    public const double Sum = NearSquared + FarSquared, Product = NearSquared * FarSquared;

    /// <summary>For each point, one by the product of its differences to all others; a point and its negative have the same.</summary>
    public const double OfZero = 1 / Product, OfNear = 1 / (2 * NearSquared * (NearSquared - FarSquared));

    /// <summary>The same of the farther points.</summary>
    public const double OfFar = 1 / (2 * FarSquared * (FarSquared - NearSquared));
}
