using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Sums, norms, extremes and moments of a span.</summary>
/// <remarks>
/// Every sum is computed in one canonical order, so it is reproducible bit for bit at every vector width. Its error is at most about 70
/// units in the last place of the sum of the magnitudes, for any length.
/// </remarks>
/// <example><code>
/// float[] x = [3, 1, 4, 1, 5];
/// (float mean, float variance) = Reduce.MeanAndVariance&lt;float&gt;(x);
/// Console.WriteLine($"{Reduce.ArgMax&lt;float&gt;(x)}, {mean:g3}, {variance:g3}");    // prints 4, 2.8, 2.56
/// </code></example>
public static partial class Reduce
{
    /// <summary>The sum of the elements; 0 for an empty span.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RoundedOver(default(Plain<T>), x, x);

    /// <summary>The sum of the squares; 0 for an empty span.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T SumOfSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RoundedOver(default(Squares<T>), x, x);

    /// <summary>The sum of the magnitudes (the L1 norm); 0 for an empty span.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T SumOfMagnitudes<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RoundedOver(default(Magnitudes<T>), x, x);

    /// <summary>
    /// The Euclidean norm, the square root of the sum of the squares; 0 for an empty span. It is infinite if a square overflows.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CanonicalSum.Rounded<T>(Math.Sqrt(Over(default(Squares<T>), x)));

    /// <summary>The sum of the products of corresponding elements, each added with a fused multiply-add; 0 for empty spans.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers, of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckLengths(x.Length, y.Length);
        return RoundedOver(default(Products<T>), x, y);
    }

    /// <summary>The sum of f(x) over the elements; 0 for an empty span.</summary>
    /// <typeparam name="TOperator">The type of the function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The arguments.</param>
    public static T SumOf<TOperator, T>(TOperator f, ReadOnlySpan<T> x)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TOperator.IsLong
            ? SumOfLong<LongValues<TOperator, T>, T>(new(f, x), x.Length)
            : RoundedOver(new Values<TOperator, T>(f), x, x);

    /// <summary>The sum of f(x, y) over corresponding elements; 0 for empty spans.</summary>
    /// <typeparam name="TOperator">The type of the function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments, of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static T SumOf<TOperator, T>(TOperator f, ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckLengths(x.Length, y.Length);
        return TOperator.IsLong
            ? SumOfLong<LongPairValues<TOperator, T>, T>(new(f, x, y), x.Length)
            : RoundedOver(new PairValues<TOperator, T>(f), x, y);
    }

    /// <summary>
    /// The mean and the population variance. The variance is the mean of the squared differences from the mean, computed in a second pass.
    /// </summary>
    /// <remarks>
    /// The mean is computed from the differences from the first number, and the variance is corrected for the rounding of the mean. So a
    /// constant is its own mean and has the variance 0, and a large mean costs no digits of the variance.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">The span is empty.</exception>
    public static (T Mean, T Variance) MeanAndVariance<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckSome(x.Length);
        return Moments(ref MemoryMarshal.GetReference(x), x.Length);
    }

    /// <summary>The mean and the population variance of at least one number.</summary>
    [MethodImpl(Inline)]
    internal static (T Mean, T Variance) Moments<T>(ref T x, nint length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double first = CanonicalSum.Widened(x), more = CanonicalSum.Of(new Differences<T>(x), ref x, ref x, length) / length;
        T mean = CanonicalSum.Rounded<T>(first + more);
        double deviations = CanonicalSum.Of(new SquaredDeviations<T>(mean), ref x, ref x, length);
        T variance = CanonicalSum.Variance(deviations / length, first, more, mean);
        return WideMoments.Are(mean, variance) ? WideMoments.Of(in x, 1, length) : (mean, variance);
    }

    /// <summary>The sum of a function's values through memory: first all values of a block, then their sum, in the same order.</summary>
    [SkipLocalsInit]
    private static T SumOfLong<TValues, T>(TValues source, int length)
        where TValues : struct, IValues<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A sum works on several vectors at once, and the JIT would not inline that many copies of a long formula.
        Precision.Require<T>();
        int block = CanonicalSum.BlockLength<T>();
        Span<T> values = stackalloc T[Math.Min(block, length)];
        if (length <= block)
        {
            source.Fill(0, values);
            return RoundedOver(default(Plain<T>), (ReadOnlySpan<T>)values, values);
        }
        double total = 0, lost = 0;
        for (int i = 0; i < length; i += block)
        {
            Span<T> some = values[..Math.Min(block, length - i)];
            source.Fill(i, some);
            CanonicalSum.AddBlock(Over(default(Plain<T>), (ReadOnlySpan<T>)some), ref total, ref lost);
        }
        return CanonicalSum.Rounded<T>(CanonicalSum.Total(total, lost));
    }

    [MethodImpl(Inline)]
    private static double Over<TReduction, T>(TReduction reduction, ReadOnlySpan<T> x)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        ref T from = ref MemoryMarshal.GetReference(x);
        return CanonicalSum.Of(reduction, ref from, ref from, x.Length);
    }

    [MethodImpl(Inline)]
    private static T RoundedOver<TReduction, T>(TReduction reduction, ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return CanonicalSum.RoundedOf(reduction, ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), x.Length);
    }

    [MethodImpl(Inline)]
    private static void CheckLengths(int first, int second)
    {
        if (first != second)
            SpanGuard.ThrowLength(first, second);
    }

    [MethodImpl(Inline)]
    private static void CheckSome(int length)
    {
        if (length == 0)
            ThrowNone();
    }

    [DoesNotReturn]
    private static void ThrowNone() => throw new ArgumentException("At least one number is needed; found none.");
}
