using System.Runtime.CompilerServices;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The logarithm of a product of kernels at its middle, less that of one more kernel: a normal density that is cut off at 0 and 1.
/// </summary>
/// <param name="deviation">The standard deviation of the kernel.</param>
/// <param name="logDeviation">Its logarithm.</param>
/// <param name="logOfSquareRootOfTwoPi">The logarithm of the square root of 2 pi.</param>
internal readonly struct ParzenNorm(double deviation, double logDeviation, double logOfSquareRootOfTwoPi) : IBinaryOperator<double>
{
    private static readonly double SquareRootOfTwo = Math.Sqrt(2);

    /// <inheritdoc/>
    public static bool IsLong => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes y)
        where TLanes : struct, ILanes<TLanes, double>
    {
        TLanes zero = TLanes.Create(0), one = TLanes.Create(1), by = TLanes.Create(deviation), root = TLanes.Create(SquareRootOfTwo);
        TLanes half = TLanes.Create(0.5);
        TLanes below = half * (one + VectorMath.Erf<TLanes, double>((zero - x) / by / root));
        TLanes upTo = half * (one + VectorMath.Erf<TLanes, double>((one - x) / by / root));
        TLanes logMass = VectorMath.Log<TLanes, double>(upTo - below);
        return y - (TLanes.Create(logDeviation) + logMass + TLanes.Create(logOfSquareRootOfTwoPi));
    }
}
