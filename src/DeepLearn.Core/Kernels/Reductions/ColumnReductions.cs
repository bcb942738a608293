using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Sums, extremes and moments of each column of a matrix.</summary>
/// <remarks>
/// Each column is summed from the first row to the last, in blocks of 256 rows whose sums are added in order. So the result does not depend
/// on the vector width, and the error is at most about 256 + rows/256 units of 2^-24 (2^-53 in double) of the sum of the magnitudes.
/// </remarks>
public static partial class ColumnReductions
{
    /// <summary>destination[j] = keep destination[j] + scale (sum of column j). The gradient of a bias is computed this way.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="scale">The factor of the sums.</param>
    /// <param name="keep">The factor of the destination's old values; with 0 they are not read.</param>
    /// <param name="destination">The results, <c>[columns]</c>; it shares no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// The number of results is not the number of columns, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void Sum<T>(ReadOnlyMatrixView<T> source, T scale, T keep, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckResults(source, destination);
        Over(default(Plain<T>), source, source, default, scale, keep, destination);
    }

    /// <summary>destination[j] = keep destination[j] + scale (sum of the squares of column j).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="scale">The factor of the sums.</param>
    /// <param name="keep">The factor of the destination's old values; with 0 they are not read.</param>
    /// <param name="destination">The results, <c>[columns]</c>; it shares no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// The number of results is not the number of columns, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void SumOfSquares<T>(ReadOnlyMatrixView<T> source, T scale, T keep, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckResults(source, destination);
        Over(default(Squares<T>), source, source, default, scale, keep, destination);
    }

    /// <summary>destination[j] = keep destination[j] + scale (sum over i of x[i, j] y[i, j]).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">A matrix, <c>[rows, columns]</c>.</param>
    /// <param name="y">A matrix, <c>[rows, columns]</c>.</param>
    /// <param name="scale">The factor of the sums.</param>
    /// <param name="keep">The factor of the destination's old values; with 0 they are not read.</param>
    /// <param name="destination">The results, <c>[columns]</c>; it shares no memory with the matrices.</param>
    /// <exception cref="ArgumentException">
    /// The shapes differ, the number of results is not the number of columns, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void Dot<T>(ReadOnlyMatrixView<T> x, ReadOnlyMatrixView<T> y, T scale, T keep, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Rows != y.Rows || x.Columns != y.Columns)
            throw new ArgumentException($"Both matrices must have one shape; found {x.ToString()} and {y.ToString()}.");
        CheckResults(x, destination);
        CheckResults(y, destination);
        Over(default(Products<T>), x, y, default, scale, keep, destination);
    }

    /// <summary>
    /// The mean and the population variance of each column. The variance is the mean of the squared differences from the mean, computed in
    /// a second pass.
    /// </summary>
    /// <remarks>
    /// The mean is computed from the differences from the first row, and the variance is corrected for the rounding of the mean. So a
    /// constant is its own mean and has the variance 0, and a large mean costs no digits of the variance.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one row.</param>
    /// <param name="means">The means, <c>[columns]</c>; they share no memory with the matrix.</param>
    /// <param name="variances">The variances, <c>[columns]</c>; they share no memory with the matrix or the means.</param>
    /// <exception cref="ArgumentException">
    /// There is no row, the number of results is not the number of columns, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void MeanAndVariance<T>(ReadOnlyMatrixView<T> source, Span<T> means, Span<T> variances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Rows == 0)
            throw new ArgumentException($"Every column needs at least one number; found a matrix of {source.ToString()}.");
        CheckResults(source, means);
        CheckResults(source, variances);
        SpanGuard.CheckApart<T>(means, variances);
        T share = T.One / T.CreateChecked(source.Rows);
        ReadOnlySpan<T> first = source.Row(0);
        Over(default(Differences<T>), source, source, first, share, T.Zero, variances);
        Arithmetic.Add(first, variances, means);
        Map.Apply(default(SquareOfRounding<T>), first, variances, means, variances);
        Over(default(SquaredDeviations<T>), source, source, means, share, T.One, variances);
        Map.Apply(default(NotNegative<T>), variances, variances);
        WideMoments.MendColumns(source, means, variances);
    }

    private static void Over<TReduction, T>(
        TReduction reduction,
        ReadOnlyMatrixView<T> x,
        ReadOnlyMatrixView<T> y,
        ReadOnlySpan<T> perColumn,
        T scale,
        T keep,
        Span<T> destination)
        where TReduction : struct, IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool wide = (nint)x.Columns * Unsafe.SizeOf<T>() >= WideBytes;
        switch (LaneWidth.Current)
        {
            case 512 when LaneWidth.Has512:
                Run<Lanes512<T>, TReduction, T>(reduction, x, y, perColumn, scale, keep, destination, wide);
                break;
            case 256: Run<Lanes256<T>, TReduction, T>(reduction, x, y, perColumn, scale, keep, destination, wide); break;
            case 128: Run<Lanes128<T>, TReduction, T>(reduction, x, y, perColumn, scale, keep, destination, wide); break;
            default: Run<Lane<T>, TReduction, T>(reduction, x, y, perColumn, scale, keep, destination, wide); break;
        }
    }

    [MethodImpl(Inline)]
    private static void CheckResults<T, TResult>(
        ReadOnlyMatrixView<T> source,
        Span<TResult> results,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(results))] string resultsName = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TResult : unmanaged
    {
        Precision.Require<T>();
        if (results.Length != source.Columns)
            ThrowCount(source.Columns, results.Length);
        MatrixGuard.CheckApart(source, results, sourceName, resultsName);
    }

    [DoesNotReturn]
    private static void ThrowCount(int columns, int found) =>
        throw new ArgumentException($"A matrix of {columns} columns needs {columns} results; found {found}.");
}
