using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <content>The greatest elements, and where they stand.</content>
public static partial class ColumnReductions
{
    // Rows at a time: in a cache fewer streams are faster by up to a third, in memory more of them by a quarter.
    private const int RowsInCache = 4;
    private const int RowsInMemory = 8;

    // From how many bytes on a matrix is beyond the second cache, and how far ahead in each of eight rows its lines are asked for then:
    // where places are wanted, there are so many instructions to a line that the processor by itself does not look far enough ahead.
    private const nint FarBytes = 2 << 20;
    private const int AheadBytes = 1024;

    /// <summary>greatest[j] = the greatest element of column j: NaN where there is one, and +0 where it is a zero of either sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one row.</param>
    /// <param name="greatest">The results, <c>[columns]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">There is no row, there are not as many results as columns, or memory is shared. Nothing has been
    /// written then.</exception>
    public static void Max<T>(ReadOnlyMatrixView<T> source, Span<T> greatest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSome(source);
        CheckResults(source, greatest);
        switch (LaneWidth.ForSpan((nint)source.Columns * Unsafe.SizeOf<T>()))
        {
            case 512: MaxOfStrips<Lanes512<T>, T>(source, greatest); break;
            case 256: MaxOfStrips<Lanes256<T>, T>(source, greatest); break;
            case 128: MaxOfStrips<Lanes128<T>, T>(source, greatest); break;
            default: MaxOfStrips<Lane<T>, T>(source, greatest); break;
        }
    }

    /// <summary>
    /// positions[j] = the row of the greatest element of column j, the first of equals; the first NaN where there is one. Zeros of either
    /// sign are equal.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>, at least one row.</param>
    /// <param name="positions">The rows, <c>[columns]</c>; they share no memory with the matrix.</param>
    /// <exception cref="ArgumentException">There is no row, there are not as many positions as columns, or memory is shared. Nothing has
    /// been written then.</exception>
    public static void ArgMax<T>(ReadOnlyMatrixView<T> source, Span<int> positions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSome(source);
        CheckResults(source, positions);
        switch (LaneWidth.ForSpan((nint)source.Columns * Unsafe.SizeOf<T>()))
        {
            case 512: ArgMaxOfStrips<Lanes512<T>, T>(source, positions); break;
            case 256: ArgMaxOfStrips<Lanes256<T>, T>(source, positions); break;
            case 128: ArgMaxOfStrips<Lanes128<T>, T>(source, positions); break;
            default: ArgMaxOfStrips<Lane<T>, T>(source, positions); break;
        }
    }

    // An order does not matter here, and what is looked at twice changes nothing. So what is left at the end, of rows, of columns or of
    // strips, starts early enough to be whole. The vectors' numbers lie side by side in memory none the less: to read over the edge of what
    // has just been written takes long.

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

            // A zero loses its sign.
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

    /// <summary>Finds the greatest elements of some columns, and the rows where they stand.</summary>
    /// <returns>Whether all of it is right; false where the order has met numbers that it cannot tell apart.</returns>
    [MethodImpl(Loop)]
    private static unsafe bool OverStrip<TLanes, T, TOrder, TWanted>(ref T from, nint stride, int rows, int strip, T* best, T* places)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOrder : struct, IOrder<T>
        where TWanted : struct, IWanted
    {
        int lanes = WholeVectors<TLanes, T>(strip);
        new Span<T>(best, lanes).Fill(T.NegativeInfinity);
        if (TWanted.Places)
            new Span<T>(places, lanes).Clear();
        Unsafe.SkipInit(out TLanes seen);
        default(TLanes).Store(ref LaneStack.Element<TLanes, T>(ref seen));
        bool isFar = rows >= RowsInMemory && rows * stride * sizeof(T) >= FarBytes;
        int together = isFar ? RowsInMemory : RowsInCache;
        if (rows < together)
        {
            for (int i = 0; i < rows; i++)
                OverRow<TLanes, T, TOrder, TWanted>(ref Unsafe.Add(ref from, i * stride), strip, i, best, places, ref seen);
        }
        else
        {
            for (int next = 0; next < rows; next += together)
            {
                int i = Math.Min(next, rows - together);
                OverRows<TLanes, T, TOrder, TWanted>(ref Unsafe.Add(ref from, i * stride), stride, strip, i, isFar, best, places, ref seen);
            }
        }
        return !T.IsNaN(seen.SumAcross());
    }

    [MethodImpl(Loop)]
    private static unsafe void OverRows<TLanes, T, TOrder, TWanted>(
        ref T x, nint stride, nint strip, int row, bool isFar, T* best, T* places, ref TLanes seenBefore)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOrder : struct, IOrder<T>
        where TWanted : struct, IWanted
    {
        ref T x1 = ref Unsafe.Add(ref x, stride), x2 = ref Unsafe.Add(ref x1, stride), x3 = ref Unsafe.Add(ref x2, stride);
        nint more = isFar ? stride : 0;
        ref T x4 = ref Unsafe.Add(ref x3, more), x5 = ref Unsafe.Add(ref x4, more), x6 = ref Unsafe.Add(ref x5, more);
        ref T x7 = ref Unsafe.Add(ref x6, more);
        TLanes row0 = Position<TLanes, T>(row), row1 = Position<TLanes, T>(row + 1), row2 = Position<TLanes, T>(row + 2);
        TLanes row3 = Position<TLanes, T>(row + 3), row4 = Position<TLanes, T>(row + 4), row5 = Position<TLanes, T>(row + 5);
        TLanes row6 = Position<TLanes, T>(row + 6), row7 = Position<TLanes, T>(row + 7);
        TLanes seen = seenBefore;
        nint ahead = AheadBytes / sizeof(T);
        for (nint next = 0; next < strip; next += TLanes.Count)
        {
            nint k = Math.Min(next, strip - TLanes.Count);
            if (TWanted.Places && isFar && Sse.IsSupported)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x, k + ahead)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x1, k + ahead)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x2, k + ahead)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x3, k + ahead)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x4, k + ahead)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x5, k + ahead)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x6, k + ahead)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref x7, k + ahead)));
            }
            TLanes greatest = TLanes.Load(in best[next]), place = TWanted.Places ? TLanes.Load(in places[next]) : default, looked = default;
            Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x, k, row0);
            Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x1, k, row1);
            Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x2, k, row2);
            Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x3, k, row3);
            if (isFar)
            {
                Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x4, k, row4);
                Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x5, k, row5);
                Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x6, k, row6);
                Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref looked, ref x7, k, row7);
            }
            greatest.Store(ref best[next]);
            if (TWanted.Places)
                place.Store(ref places[next]);

            // Not one chain over all vectors, which would take as long as its additions do one after the other.
            seen += looked;
        }
        seen.Store(ref LaneStack.Element<TLanes, T>(ref seenBefore));
    }

    [MethodImpl(Loop)]
    private static unsafe void OverRow<TLanes, T, TOrder, TWanted>(ref T x, nint strip, int row, T* best, T* places, ref TLanes seenBefore)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOrder : struct, IOrder<T>
        where TWanted : struct, IWanted
    {
        TLanes seen = seenBefore, here = Position<TLanes, T>(row);
        for (nint next = 0; next < strip; next += TLanes.Count)
        {
            TLanes greatest = TLanes.Load(in best[next]), place = TWanted.Places ? TLanes.Load(in places[next]) : default;
            Look<TLanes, T, TOrder, TWanted>(ref greatest, ref place, ref seen, ref x, Math.Min(next, strip - TLanes.Count), here);
            greatest.Store(ref best[next]);
            if (TWanted.Places)
                place.Store(ref places[next]);
        }
        seen.Store(ref LaneStack.Element<TLanes, T>(ref seenBefore));
    }

    [MethodImpl(Inline)]
    private static void Look<TLanes, T, TOrder, TWanted>(
        ref TLanes greatest, ref TLanes place, ref TLanes looked, ref T x, nint k, TLanes row)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOrder : struct, IOrder<T>
        where TWanted : struct, IWanted
    {
        TLanes found = TLanes.Load(in Unsafe.Add(ref x, k));
        looked = TOrder.Look(looked, found);
        if (TWanted.Places)
            place = TOrder.Choose(greatest, found, row, place);
        greatest = TOrder.Greater(greatest, found);
    }

    /// <summary>How many numbers the vectors hold that some columns take.</summary>
    private static int WholeVectors<TLanes, T>(int columns)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (columns + TLanes.Count - 1) & -TLanes.Count;

    /// <summary>A whole number as the bits of each lane.</summary>
    [MethodImpl(Inline)]
    private static TLanes Position<TLanes, T>(int row)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => LaneMath.Bits<TLanes, T>((uint)row, (ulong)row);

    private static void CheckSome<T>(ReadOnlyMatrixView<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Columns > 0 && source.Rows == 0)
            throw new ArgumentException($"Every column needs at least one number; found a matrix of {source.ToString()}.");
    }
}
