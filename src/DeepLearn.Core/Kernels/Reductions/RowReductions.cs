using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>One number, or one distribution, from each row of a matrix.</summary>
public static class RowReductions
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    private const int Chunk = 64;

    /// <summary>sums[i] = the sum of row i, in the canonical order.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="sums">The sums, <c>[rows]</c>.</param>
    /// <exception cref="ArgumentException">There are not as many sums as rows.</exception>
    public static void Sum<T>(ReadOnlyMatrixView<T> source, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckCount(source.Rows, sums.Length, nameof(sums));
        for (int i = 0; i < source.Rows; i++)
            sums[i] = Reduce.Sum(source.Row(i));
    }

    /// <summary>The mean and the population variance of each row; see <see cref="Reduce.MeanAndVariance{T}"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="means">The means, <c>[rows]</c>.</param>
    /// <param name="variances">The variances, <c>[rows]</c>.</param>
    /// <exception cref="ArgumentException">There is no column, or there are not as many results as rows.</exception>
    public static void MeanAndVariance<T>(ReadOnlyMatrixView<T> source, Span<T> means, Span<T> variances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckColumns(source);
        CheckCount(source.Rows, means.Length, nameof(means));
        CheckCount(source.Rows, variances.Length, nameof(variances));
        for (int i = 0; i < source.Rows; i++)
            (means[i], variances[i]) = Reduce.MeanAndVariance(source.Row(i));
    }

    /// <summary>positions[i] = the column of the greatest element of row i, the first of equals; the first NaN where there is one.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="positions">The columns, <c>[rows]</c>.</param>
    /// <exception cref="ArgumentException">There is no column, or there are not as many positions as rows.</exception>
    public static void ArgMax<T>(ReadOnlyMatrixView<T> source, Span<int> positions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckColumns(source);
        CheckCount(source.Rows, positions.Length, nameof(positions));
        for (int i = 0; i < source.Rows; i++)
            positions[i] = Reduce.ArgMax(source.Row(i));
    }

    /// <summary>
    /// The softmax of each row, destination[i, j] = e^(x[i, j] - m) / s with m the greatest of row i and s the sum of the numerators, and
    /// with it log(sum of e^x) = m + log s.
    /// </summary>
    /// <remarks>
    /// The shift by the maximum keeps every power between 0 and 1. (<see cref="System.Numerics.Tensors.TensorPrimitives"/>' softmax does
    /// not shift.) A probability is right to about 3 ulp, and to the error of the sum. A NaN or +infinity, or nothing but -infinity,
    /// makes NaN of its row and of no other.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The scores, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="destination">The probabilities, <c>[rows, columns]</c>; it may be the source.</param>
    /// <param name="logSums">log(sum of e^x), <c>[rows]</c>; empty where it is not wanted.</param>
    /// <exception cref="ArgumentException">The shapes differ, there is no column, or there are not as many sums as rows.</exception>
    public static void Softmax<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination, Span<T> logSums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckColumns(source);
        if (source.Rows != destination.Rows || source.Columns != destination.Columns)
            throw new ArgumentException($"The destination must be {source.ToString()}; found {destination.ToString()}.");
        if (!logSums.IsEmpty)
            CheckCount(source.Rows, logSums.Length, nameof(logSums));
        Span<T> greatest = stackalloc T[Chunk];
        Span<T> unwanted = stackalloc T[Chunk];
        for (int first = 0; first < source.Rows; first += Chunk)
        {
            int count = Math.Min(Chunk, source.Rows - first);
            Span<T> sums = logSums.IsEmpty ? unwanted[..count] : logSums.Slice(first, count);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<T> from = source.Row(first + i);
                Span<T> to = destination.Row(first + i);
                SpanGuard.Check(from, to);
                (greatest[i], sums[i]) = LaneWidth.Current switch
                {
                    512 => SoftmaxRow<Lanes512<T>, T>(from, to),
                    256 => SoftmaxRow<Lanes256<T>, T>(from, to),
                    128 => SoftmaxRow<Lanes128<T>, T>(from, to),
                    _ => SoftmaxRow<Lane<T>, T>(from, to),
                };
            }
            if (logSums.IsEmpty)
                continue;
            VectorMath.Log(sums, sums);
            Arithmetic.Add(greatest[..count], sums, sums);
        }
    }

    /// <summary>logSums[i] = log(sum of e^x over row i), shifted by the maximum.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The scores, <c>[rows, columns]</c>, at least one column.</param>
    /// <param name="logSums">The results, <c>[rows]</c>.</param>
    /// <exception cref="ArgumentException">There is no column, or there are not as many results as rows.</exception>
    public static void LogSumExp<T>(ReadOnlyMatrixView<T> source, Span<T> logSums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckColumns(source);
        CheckCount(source.Rows, logSums.Length, nameof(logSums));
        for (int i = 0; i < source.Rows; i++)
        {
            T greatest = Reduce.Max(source.Row(i));
            T sum = Reduce.SumOf(new ShiftedExp<T>(greatest), source.Row(i));
            logSums[i] = greatest + VectorMath.Log(sum);
        }
    }

    [MethodImpl(Loop)]
    private static (T Greatest, T Sum) SoftmaxRow<TLanes, T>(ReadOnlySpan<T> source, Span<T> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T from = ref MemoryMarshal.GetReference(source);
        ref T to = ref MemoryMarshal.GetReference(destination);
        nint length = source.Length;
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));

        // A NaN may be lost here, but not below.
        TLanes best = TLanes.Create(from);
        TLanes end = default;
        if (left != 0)
        {
            end = TLanes.LoadFirst(in Unsafe.Add(ref from, length - left), left);
            best = TLanes.AtLeast(best, TLanes.Select(LaneMath.First<TLanes, T>(left), end, best));
        }
        nint i = 0;
        for (; i <= last; i += TLanes.Count)
            best = TLanes.AtLeast(best, TLanes.Load(in Unsafe.Add(ref from, i)));
        T greatest = best.MaxAcross();

        TLanes shift = TLanes.Create(greatest);
        TLanes endPowers = default;
        i = 0;
        for (; i <= last; i += TLanes.Count)
            VectorMath.ExpBelowOverflow<TLanes, T>(TLanes.Load(in Unsafe.Add(ref from, i)) - shift).Store(ref Unsafe.Add(ref to, i));
        T sum;
        if (left != 0)
        {
            endPowers = VectorMath.ExpBelowOverflow<TLanes, T>(end - shift);
            endPowers.StoreFirst(ref Unsafe.Add(ref to, i), left);
        }
        if (length < TLanes.Count)
            sum = TLanes.Select(LaneMath.First<TLanes, T>(left), endPowers, default).SumAcross();
        else
            sum = T.CreateTruncating(CanonicalSum.Of<TLanes, Reduce.Plain<T>, T>(default, ref to, ref to, length));
        TLanes divisor = TLanes.Create(sum);
        i = 0;
        for (; i <= last; i += TLanes.Count)
            (TLanes.Load(in Unsafe.Add(ref to, i)) / divisor).Store(ref Unsafe.Add(ref to, i));
        if (left != 0)
            (endPowers / divisor).StoreFirst(ref Unsafe.Add(ref to, i), left);
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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => VectorMath.ExpBelowOverflow<TLanes, T>(x - TLanes.Create(_shift));
    }
}
