using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

// The loops over a strip of columns, row by row.
public static partial class ColumnReductions
{
    /// <summary>Finds the greatest elements of a strip of columns and, if wanted, their rows.</summary>
    /// <returns>Whether the results are right; false if there may be numbers that the order cannot compare.</returns>
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

            // The chain over all vectors has one addition for each group of rows; one for each number would be limited by latency.
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

    /// <summary>An integer as the bits of each lane.</summary>
    [MethodImpl(Inline)]
    private static TLanes Position<TLanes, T>(int row)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => LaneMath.Bits<TLanes, T>((uint)row, (ulong)row);
}
