using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <summary>One number from a whole span: sums, norms, extremes.</summary>
/// <remarks>
/// Every sum has the one canonical order that the README beside this file describes, so that its bits do not depend on the width of the
/// vectors; it is right to about 70 units in the last place of the sum of the magnitudes at worst, for any length. (The sums of
/// <see cref="System.Numerics.Tensors.TensorPrimitives"/> differ between widths.)
/// </remarks>
public static partial class Reduce
{
    /// <summary>The sum of the elements; 0 for none.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Rounded<T>(Over(default(Plain<T>), x));

    /// <summary>The sum of the squares; 0 for none.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T SumOfSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Rounded<T>(Over(default(Squares<T>), x));

    /// <summary>The sum of the magnitudes (the L1 norm); 0 for none.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T SumOfMagnitudes<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Rounded<T>(Over(default(Magnitudes<T>), x));

    /// <summary>The Euclidean norm: the square root of the sum of the squares, without protection against their overflow; 0 for none.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Rounded<T>(Math.Sqrt(Over(default(Squares<T>), x)));

    /// <summary>The sum of the products of corresponding elements, each accumulated with one rounding; 0 for none.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckLengths(x.Length, y.Length);
        return Rounded<T>(Over(default(Products<T>), x, y));
    }

    /// <summary>The sum of f(x) over the elements; 0 for none.</summary>
    /// <typeparam name="TOperator">The function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The arguments.</param>
    public static T SumOf<TOperator, T>(TOperator f, ReadOnlySpan<T> x)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Rounded<T>(Over(new Values<TOperator, T>(f), x));

    /// <summary>The sum of f(x, y) over corresponding elements; 0 for none.</summary>
    /// <typeparam name="TOperator">The function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static T SumOf<TOperator, T>(TOperator f, ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckLengths(x.Length, y.Length);
        return Rounded<T>(Over(new PairValues<TOperator, T>(f), x, y));
    }

    /// <summary>The mean, and the population variance: the mean of the squared differences from the mean, in a second pass.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static (T Mean, T Variance) MeanAndVariance<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSome(x.Length);
        T mean = Rounded<T>(Over(default(Plain<T>), x) / x.Length);
        return (mean, Rounded<T>(Over(new SquaredDeviations<T>(mean), x) / x.Length));
    }

    internal static double Over<TReduction, T>(TReduction reduction, ReadOnlySpan<T> x)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Over(reduction, x, x);

    internal static double Over<TReduction, T>(TReduction reduction, ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return CanonicalSum.Of(reduction, ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), x.Length);
    }

    private static T Rounded<T>(double sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(sum);

    private static void CheckLengths(int first, int second)
    {
        if (first != second)
            throw new ArgumentException($"All spans must have one length; found {first} and {second}.");
    }

    private static void CheckSome(int length)
    {
        if (length == 0)
            throw new ArgumentException("At least one number is needed; found none.");
    }
}
