using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Sums, extremes, moments and the softmax of each row of a matrix.</summary>
public static class RowReductions
{
    private const int Chunk = 64;

    /// <summary>sums[i] = the sum of row i, in the canonical order.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="sums">The sums, <c>[rows]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// The number of sums is not the number of rows, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void Sum<T>(ReadOnlyMatrixView<T> source, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckCount(source.Rows, sums.Length, nameof(sums));
        MatrixGuard.CheckApart(source, sums);
        CanonicalSum.OfRows(source, sums);
    }

    /// <summary>The mean and the population variance of each row; see <see cref="Reduce.MeanAndVariance{T}"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="means">The means, <c>[rows]</c>; they share no memory with the matrix.</param>
    /// <param name="variances">The variances, <c>[rows]</c>; they share no memory with the matrix or the means.</param>
    /// <exception cref="ArgumentException">
    /// There is no column, the number of results is not the number of rows, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void MeanAndVariance<T>(ReadOnlyMatrixView<T> source, Span<T> means, Span<T> variances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckColumns(source);
        CheckCount(source.Rows, means.Length, nameof(means));
        CheckCount(source.Rows, variances.Length, nameof(variances));
        MatrixGuard.CheckApart(source, means);
        MatrixGuard.CheckApart(source, variances);
        SpanGuard.CheckApart<T>(means, variances);
        CanonicalSum.MomentsOfRows(source, means, variances);
    }

    /// <summary>
    /// greatest[i] = the greatest element of row i. It is NaN if an element is NaN, and +0 if it is a zero of either sign.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="greatest">The results, <c>[rows]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// There is no column, the number of results is not the number of rows, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void Max<T>(ReadOnlyMatrixView<T> source, Span<T> greatest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckColumns(source);
        CheckCount(source.Rows, greatest.Length, nameof(greatest));
        MatrixGuard.CheckApart(source, greatest);
        Reduce.MaxOfRows(source, greatest);
    }

    /// <summary>
    /// positions[i] = the column of the greatest element of row i, or of the first NaN. Of equal elements the first counts.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="positions">The columns, <c>[rows]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// There is no column, the number of positions is not the number of rows, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void ArgMax<T>(ReadOnlyMatrixView<T> source, Span<int> positions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckColumns(source);
        CheckCount(source.Rows, positions.Length, nameof(positions));
        MatrixGuard.CheckApart(source, positions);
        for (int i = 0; i < source.Rows; i++)
            positions[i] = Reduce.ArgMax(source.Row(i));
    }

    /// <summary>
    /// The softmax of each row, destination[i, j] = e^(x[i, j] - m) / s, where m is the greatest element of row i and s is the sum of the
    /// numerators; and log(sum of e^x) = m + log s.
    /// </summary>
    /// <remarks>
    /// The subtraction of the maximum keeps every power between 0 and 1. The error of a probability is about 3 ulp, plus the error of the
    /// sum, plus half a unit in the last place of x - m if that difference is rounded: for m - x = 80, that is a relative error of 2^-18. A
    /// row that contains NaN or +infinity, or only -infinity, becomes NaN; other rows are not affected.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The scores, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="destination">The probabilities, <c>[rows, columns]</c>; it may be the source.</param>
    /// <param name="logSums">
    /// Receives log(sum of e^x), <c>[rows]</c>; empty if it is not needed. It shares no memory with the matrices.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The shapes differ, there is no column, the number of sums is not the number of rows, or memory is shared otherwise. Nothing has been
    /// written then.
    /// </exception>
    public static void Softmax<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination, Span<T> logSums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckColumns(source);
        if (source.Rows != destination.Rows || source.Columns != destination.Columns)
            throw new ArgumentException($"The destination must be {source.ToString()}; found {destination.ToString()}.");
        if (!logSums.IsEmpty)
            CheckCount(source.Rows, logSums.Length, nameof(logSums));
        MatrixGuard.CheckSameOrApart(source, destination);
        MatrixGuard.CheckApart(source, logSums);
        MatrixGuard.CheckApart((ReadOnlyMatrixView<T>)destination, logSums, nameof(destination));
        Span<T> greatest = stackalloc T[Chunk];
        Span<T> unwanted = stackalloc T[Chunk];
        SoftmaxOfChunks(source, destination, logSums, greatest, unwanted);
    }

    // A method of its own, without the stackalloc. The JIT optimizes a method with both a stackalloc and a loop at its first call, together
    // with the loops of all widths.
    private static void SoftmaxOfChunks<T>(
        ReadOnlyMatrixView<T> source, MatrixView<T> destination, Span<T> logSums, Span<T> greatest, Span<T> unwanted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int first = 0; first < source.Rows; first += Chunk)
        {
            int count = Math.Min(Chunk, source.Rows - first);
            Span<T> sums = logSums.IsEmpty ? unwanted[..count] : logSums.Slice(first, count);
            if (!OneVectorRows.TrySoftmax(source.SliceRows(first, count), destination.SliceRows(first, count), greatest, sums))
            {
                for (int i = 0; i < count; i++)
                    (greatest[i], sums[i]) = SoftmaxRow(source.Row(first + i), destination.Row(first + i));
            }
            if (logSums.IsEmpty)
                continue;
            Transcendentals.Log(sums, sums);
            Arithmetic.Add(greatest[..count], sums, sums);
        }
    }

    /// <summary>logSums[i] = log(sum of e^x over row i), computed with the maximum subtracted, so that nothing overflows.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The scores, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="logSums">The results, <c>[rows]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// There is no column, the number of results is not the number of rows, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void LogSumExp<T>(ReadOnlyMatrixView<T> source, Span<T> logSums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckColumns(source);
        CheckCount(source.Rows, logSums.Length, nameof(logSums));
        MatrixGuard.CheckApart(source, logSums);
        Span<T> greatest = stackalloc T[Chunk];
        for (int first = 0; first < source.Rows; first += Chunk)
        {
            Span<T> sums = logSums.Slice(first, Math.Min(Chunk, source.Rows - first));
            if (!OneVectorRows.TrySoftmax(source.SliceRows(first, sums.Length), default, greatest, sums))
            {
                for (int i = 0; i < sums.Length; i++)
                {
                    greatest[i] = Reduce.Max(source.Row(first + i));
                    sums[i] = Reduce.SumOf(new ShiftedExp<T>(greatest[i]), source.Row(first + i));
                }
            }
            Transcendentals.Log(sums, sums);
            Arithmetic.Add(greatest[..sums.Length], sums, sums);
        }
    }

    private static (T Greatest, T Sum) SoftmaxRow<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T greatest = Reduce.Max(source);
        Map.Apply(new ShiftedExp<T>(greatest), source, destination);
        T sum = Reduce.Sum<T>(destination);
        Map.Apply(new Divide<T>(sum), destination, destination);
        return (greatest, sum);
    }

    private static void CheckCount(int rows, int found, string name)
    {
        if (found != rows)
            throw new ArgumentException($"A matrix of {rows} rows needs {rows} results; found {found}.", name);
    }

    private static void CheckColumns<T>(ReadOnlyMatrixView<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Rows > 0 && source.Columns == 0)
            throw new ArgumentException($"Every row needs at least one number; found a matrix of {source.ToString()}.");
    }

    private readonly struct ShiftedExp<T>(T shift) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _shift = shift;

        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.ExpBelowOverflow<TLanes, T>(x - TLanes.Create(_shift));
    }

    private readonly struct Divide<T>(T divisor) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _divisor = divisor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => x / TLanes.Create(_divisor);
    }
}
