using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <content>The greatest elements of columns, and their rows.</content>
public static partial class ColumnReductions
{
    // The rows that are processed together. In a cache, fewer streams are faster by up to a third; in memory, more of them are faster by a
    // quarter.
    private const int RowsInCache = 4;
    private const int RowsInMemory = 8;

    // The size in bytes at which a matrix exceeds the L2 cache, and the distance at which each of eight rows is then prefetched. ArgMax has
    // so many instructions for each cache line that the processor itself does not prefetch far enough.
    private const nint FarBytes = 2 << 20;
    private const int AheadBytes = 1024;

    /// <summary>
    /// greatest[j] = the greatest element of column j. It is NaN if an element is NaN, and +0 if it is a zero of either sign.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one row.</param>
    /// <param name="greatest">The results, <c>[columns]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// There is no row, the number of results is not the number of columns, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void Max<T>(ReadOnlyMatrixView<T> source, Span<T> greatest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSome(source);
        CheckResults(source, greatest);
        switch (LaneWidth.ForSpan((nint)source.Columns * Unsafe.SizeOf<T>()))
        {
            case 512 when LaneWidth.Has512: MaxOfStrips<Lanes512<T>, T>(source, greatest); break;
            case 256: MaxOfStrips<Lanes256<T>, T>(source, greatest); break;
            case 128: MaxOfStrips<Lanes128<T>, T>(source, greatest); break;
            default: MaxOfStrips<Lane<T>, T>(source, greatest); break;
        }
    }

    /// <summary>
    /// positions[j] = the row of the greatest element of column j, or of the first NaN. Of equal elements the first counts; zeros of either
    /// sign are equal.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one row.</param>
    /// <param name="positions">The rows, <c>[columns]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">
    /// There is no row, the number of positions is not the number of columns, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void ArgMax<T>(ReadOnlyMatrixView<T> source, Span<int> positions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSome(source);
        CheckResults(source, positions);
        switch (LaneWidth.ForSpan((nint)source.Columns * Unsafe.SizeOf<T>()))
        {
            case 512 when LaneWidth.Has512: ArgMaxOfStrips<Lanes512<T>, T>(source, positions); break;
            case 256: ArgMaxOfStrips<Lanes256<T>, T>(source, positions); break;
            case 128: ArgMaxOfStrips<Lanes128<T>, T>(source, positions); break;
            default: ArgMaxOfStrips<Lane<T>, T>(source, positions); break;
        }
    }

    // The order does not matter here, and a number may be compared twice. So the last group of rows, of columns or of strips starts early
    // enough to be full. The buffers of the results are padded to whole vectors nevertheless, since a load that overlaps two recent stores
    // is slow.

    [SkipLocalsInit]
    [MethodImpl(Loop)]
    private static unsafe void MaxOfStrips<TLanes, T>(ReadOnlyMatrixView<T> source, Span<T> greatest)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int strip = Math.Min(StripBytes / sizeof(T), source.Columns);
        byte* space = stackalloc byte[(WholeVectors<TLanes, T>(strip) * sizeof(T)) + CacheLine];
        T* best = (T*)(((nint)space + CacheLine - 1) & -CacheLine);
        ref T to = ref MemoryMarshal.GetReference(greatest);
        for (int next = 0; next < source.Columns; next += strip)
        {
            int j = Math.Min(next, source.Columns - strip);
            ref T from = ref Unsafe.Add(ref source.Origin, j);
            if (!OverStrip<TLanes, T, QuickOrder<T>, GreatestAlone>(ref from, source.Stride, source.Rows, strip, best, null))
                OverStrip<TLanes, T, ExactOrder<T>, GreatestAlone>(ref from, source.Stride, source.Rows, strip, best, null);

            // Turns -0 into +0.
            for (int k = 0; k < strip; k += TLanes.Count)
                (TLanes.Load(in best[k]) + default(TLanes)).Store(ref Unsafe.Add(ref to, j + Math.Min(k, strip - TLanes.Count)));
        }
    }

    [SkipLocalsInit]
    [MethodImpl(Loop)]
    private static unsafe void ArgMaxOfStrips<TLanes, T>(ReadOnlyMatrixView<T> source, Span<int> positions)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int strip = Math.Min(StripBytes / sizeof(T), source.Columns);
        int lanes = WholeVectors<TLanes, T>(strip);
        byte* space = stackalloc byte[(2 * lanes * sizeof(T)) + CacheLine];
        T* best = (T*)(((nint)space + CacheLine - 1) & -CacheLine), places = best + lanes;
        for (int next = 0; next < source.Columns; next += strip)
        {
            int j = Math.Min(next, source.Columns - strip);
            ref T from = ref Unsafe.Add(ref source.Origin, j);
            if (!OverStrip<TLanes, T, QuickOrder<T>, GreatestAndPlaces>(ref from, source.Stride, source.Rows, strip, best, places))
                OverStrip<TLanes, T, ExactOrder<T>, GreatestAndPlaces>(ref from, source.Stride, source.Rows, strip, best, places);
            for (int k = 0; k < strip; k += TLanes.Count)
            {
                Span<int> to = positions.Slice(j + Math.Min(k, strip - TLanes.Count), TLanes.Count);
                for (int lane = 0; lane < to.Length; lane++)
                    to[lane] = sizeof(T) == sizeof(int) ? ((int*)places)[k + lane] : (int)((long*)places)[k + lane];
            }
        }
    }

    /// <summary>The number of columns, rounded up to whole vectors.</summary>
    private static int WholeVectors<TLanes, T>(int columns)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (columns + TLanes.Count - 1) & -TLanes.Count;

    private static void CheckSome<T>(ReadOnlyMatrixView<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Columns > 0 && source.Rows == 0)
            throw new ArgumentException($"Every column needs at least one number; found a matrix of {source.ToString()}.");
    }
}
