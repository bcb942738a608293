using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>
/// The softmax of rows that fit in one vector, such as the scores of ten classes. A row stays in its register, and the processor overlaps
/// the work on neighboring rows.
/// </summary>
/// <remarks>
/// Each number goes through the same operations as in longer rows, so the bits are the same.
/// </remarks>
internal static class OneVectorRows
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>Computes the softmax if the rows are short enough; otherwise returns false and writes nothing.</summary>
    /// <param name="source">The scores, <c>[rows, columns]</c>.</param>
    /// <param name="destination">
    /// Receives the probabilities, <c>[rows, columns]</c>; it may be the source. Empty if they are not needed.
    /// </param>
    /// <param name="greatest">Receives the greatest score of each row, <c>[rows]</c>.</param>
    /// <param name="sums">Receives the sum of <c>e^(score - greatest)</c> of each row, <c>[rows]</c>.</param>
    public static bool TrySoftmax<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination, Span<T> greatest, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = LaneWidth.Current;
        if (source.Columns * Unsafe.SizeOf<T>() > width / 8)
            return false;
        switch (width)
        {
            case 512 when LaneWidth.Has512: Run<Lanes512<T>, T>(source, destination, greatest, sums); return true;
            case 256: Run<Lanes256<T>, T>(source, destination, greatest, sums); return true;
            default: return false;
        }
    }

    [MethodImpl(Loop)]
    private static void Run<TLanes, T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination, Span<T> greatest, Span<T> sums)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = source.Columns;
        bool isWhole = columns == TLanes.Count, wantsProbabilities = !destination.IsEmpty;
        Span<T> ones = stackalloc T[TLanes.Count];
        ones.Fill(T.One);
        TLanes one = TLanes.Create(T.One);
        TLanes used = TLanes.Equal(isWhole ? one : TLanes.LoadFirst(in ones[0], columns), one);
        ref T from = ref source.Origin;
        ref T to = ref destination.Origin;
        for (int i = 0; i < sums.Length; i++)
        {
            TLanes x = isWhole ? TLanes.Load(in from) : TLanes.LoadFirst(in from, columns);

            // The idle lanes repeat the first number, which does not change the maximum, and are masked out of the sum. A NaN that the
            // maximum ignores makes the sum NaN, and so the whole row.
            T most = TLanes.Select(used, x, TLanes.Create(from)).MaxAcross();
            TLanes powers = VectorMath.ExpBelowOverflow<TLanes, T>(x - TLanes.Create(most)) & used;
            T sum = powers.SumAcross();
            greatest[i] = most;
            sums[i] = sum;
            if (wantsProbabilities)
            {
                TLanes shares = powers / TLanes.Create(sum);
                if (isWhole)
                    shares.Store(ref to);
                else
                    shares.StoreFirst(ref to, columns);
                to = ref Unsafe.Add(ref to, destination.Stride);
            }
            from = ref Unsafe.Add(ref from, source.Stride);
        }
    }
}
