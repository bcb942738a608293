using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

public static partial class ColumnReductions
{
    // The length of a row in bytes from which elements are read along the rows.
    private const int WideBytes = 1024;

    // The columns whose sums are in memory at a time, in bytes; a piece of a row of this length is prefetched well by the processor.
    private const int StripBytes = 16384;
    private const int CacheLine = 64;

    /// <summary>
    /// Sums along the rows, eight rows at a time, with the sums in memory. It is for wide matrices, in which the elements of a column are
    /// pages apart. The order of each column's sum is the same.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(Loop)]
    private static unsafe void RunWide<TLanes, TReduction, T>(
        TReduction reduction,
        ReadOnlyMatrixView<T> x,
        ReadOnlyMatrixView<T> y,
        ReadOnlySpan<T> perColumn,
        T scale,
        T keep,
        Span<T> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T to = ref MemoryMarshal.GetReference(destination);
        ref T own = ref MemoryMarshal.GetReference(perColumn);
        bool reads = !T.IsZero(keep);
        TLanes factor = TLanes.Create(scale);
        TLanes kept = TLanes.Create(keep);
        int whole = x.Columns - (x.Columns % TLanes.Count);
        int strip = Math.Min(StripBytes / Unsafe.SizeOf<T>(), whole);

        // Aligned, since a vector that crosses a cache line costs as much as two.
        byte* space = stackalloc byte[(2 * strip * sizeof(T)) + CacheLine];
        var both = new Span<T>((void*)(((nint)space + CacheLine - 1) & -CacheLine), 2 * strip);
        ref T sums = ref MemoryMarshal.GetReference(both);
        ref T totals = ref Unsafe.Add(ref sums, strip);
        for (int j = 0; j < whole; j += strip)
        {
            int count = Math.Min(strip, whole - j);
            both.Clear();
            for (int start = 0; start < x.Rows; start += RowsPerBlock)
            {
                int end = Math.Min(x.Rows, start + RowsPerBlock);
                ref T fromX = ref Unsafe.Add(ref x.Origin, ((nint)start * x.Stride) + j);
                ref T fromY = ref Unsafe.Add(ref y.Origin, ((nint)start * y.Stride) + j);
                int i = start;
                for (; i <= end - 8; i += 8)
                {
                    AddEightRows<TLanes, TReduction, T>(
                        reduction, ref fromX, x.Stride, ref fromY, y.Stride, ref Unsafe.Add(ref own, j), ref sums, count);
                    fromX = ref Unsafe.Add(ref fromX, 8 * (nint)x.Stride);
                    fromY = ref Unsafe.Add(ref fromY, 8 * (nint)y.Stride);
                }
                for (; i < end; i++)
                {
                    AddRow<TLanes, TReduction, T>(reduction, ref fromX, ref fromY, ref Unsafe.Add(ref own, j), ref sums, count);
                    fromX = ref Unsafe.Add(ref fromX, x.Stride);
                    fromY = ref Unsafe.Add(ref fromY, y.Stride);
                }
                for (int k = 0; k < count; k += TLanes.Count)
                {
                    ref T total = ref Unsafe.Add(ref totals, k);
                    (TLanes.Load(in total) + TLanes.Load(in Unsafe.Add(ref sums, k))).Store(ref total);
                    default(TLanes).Store(ref Unsafe.Add(ref sums, k));
                }
            }
            for (int k = 0; k < count; k += TLanes.Count)
                Finish<TLanes, T>(TLanes.Load(in Unsafe.Add(ref totals, k)), factor, kept, reads, ref Unsafe.Add(ref to, j + k));
        }
    }

    [MethodImpl(Loop)]
    private static void AddEightRows<TLanes, TReduction, T>(
        TReduction reduction, ref T x, nint xStride, ref T y, nint yStride, ref T perColumn, ref T sums, int count)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T x1 = ref Unsafe.Add(ref x, xStride), x2 = ref Unsafe.Add(ref x1, xStride), x3 = ref Unsafe.Add(ref x2, xStride);
        ref T x4 = ref Unsafe.Add(ref x3, xStride), x5 = ref Unsafe.Add(ref x4, xStride), x6 = ref Unsafe.Add(ref x5, xStride);
        ref T x7 = ref Unsafe.Add(ref x6, xStride);
        ref T y1 = ref Unsafe.Add(ref y, yStride), y2 = ref Unsafe.Add(ref y1, yStride), y3 = ref Unsafe.Add(ref y2, yStride);
        ref T y4 = ref Unsafe.Add(ref y3, yStride), y5 = ref Unsafe.Add(ref y4, yStride), y6 = ref Unsafe.Add(ref y5, yStride);
        ref T y7 = ref Unsafe.Add(ref y6, yStride);
        for (nint k = 0; k < count; k += TLanes.Count)
        {
            TLanes column = TReduction.UsesColumn ? TLanes.Load(in Unsafe.Add(ref perColumn, k)) : default;
            ref T at = ref Unsafe.Add(ref sums, k);
            TLanes sum = Add<TLanes, TReduction, T>(reduction, TLanes.Load(in at), ref x, ref y, k, column);
            sum = Add<TLanes, TReduction, T>(reduction, sum, ref x1, ref y1, k, column);
            sum = Add<TLanes, TReduction, T>(reduction, sum, ref x2, ref y2, k, column);
            sum = Add<TLanes, TReduction, T>(reduction, sum, ref x3, ref y3, k, column);
            sum = Add<TLanes, TReduction, T>(reduction, sum, ref x4, ref y4, k, column);
            sum = Add<TLanes, TReduction, T>(reduction, sum, ref x5, ref y5, k, column);
            sum = Add<TLanes, TReduction, T>(reduction, sum, ref x6, ref y6, k, column);
            Add<TLanes, TReduction, T>(reduction, sum, ref x7, ref y7, k, column).Store(ref at);
        }
    }

    [MethodImpl(Loop)]
    private static void AddRow<TLanes, TReduction, T>(TReduction reduction, ref T x, ref T y, ref T perColumn, ref T sums, int count)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint k = 0; k < count; k += TLanes.Count)
        {
            TLanes column = TReduction.UsesColumn ? TLanes.Load(in Unsafe.Add(ref perColumn, k)) : default;
            ref T at = ref Unsafe.Add(ref sums, k);
            Add<TLanes, TReduction, T>(reduction, TLanes.Load(in at), ref x, ref y, k, column).Store(ref at);
        }
    }
}
