using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>
/// The softmax of rows that one vector holds, such as the scores of ten classes: a row never leaves its register, and the work on one
/// row goes on while that on the one before waits for itself.
/// </summary>
/// <remarks>The operations on each number, and so the bits, are those of the passes over longer rows.</remarks>
internal static class OneVectorRows
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>Takes rows that are short enough; false, without having done anything, where they are not.</summary>
    /// <param name="source">The scores, <c>[rows, columns]</c>.</param>
    /// <param name="destination">
    /// The probabilities, <c>[rows, columns]</c>, which may be the source; empty where they are not wanted.
    /// </param>
    /// <param name="greatest">The greatest score of each row, <c>[rows]</c>.</param>
    /// <param name="sums">The sum of <c>e^(score - greatest)</c> of each row, <c>[rows]</c>.</param>
    public static bool TrySoftmax<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination, Span<T> greatest, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = LaneWidth.Current;
        if (source.Columns * Unsafe.SizeOf<T>() > width / 8)
            return false;
        switch (width)
        {
            case 512: Run<Lanes512<T>, T>(source, destination, greatest, sums); return true;
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

            // The idle lanes repeat the first number, which changes no maximum, and stay out of the sum. A NaN that the maximum passes
            // over makes NaN of the sum, and so of everything.
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
