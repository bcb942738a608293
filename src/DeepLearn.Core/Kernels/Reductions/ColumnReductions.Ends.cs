using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

// The columns after the last whole vector.
public static partial class ColumnReductions
{
    /// <summary>Sums the last columns, fewer than a vector holds.</summary>
    [MethodImpl(Loop)]
    private static void RunEnd<TLanes, TReduction, T>(
        TReduction reduction,
        ReadOnlyMatrixView<T> x,
        ReadOnlyMatrixView<T> y,
        ReadOnlySpan<T> perColumn,
        T scale,
        T keep,
        Span<T> destination,
        int j)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int left = x.Columns - j;
        TLanes column = TReduction.UsesColumn ? TLanes.LoadFirst(in perColumn[j], left) : default;

        // Vectors read beyond the end of a row: into the next row, or into the gap between rows. Those sums are not stored. After the last
        // rows there may be no readable memory.
        int behind = RowsBehind<TLanes, T>(j, x.Columns, Math.Min(x.Stride, y.Stride));
        TLanes total = default;
        for (int start = 0; start < x.Rows; start += RowsPerBlock)
        {
            int end = Math.Min(x.Rows, start + RowsPerBlock);
            int full = Math.Clamp(x.Rows - behind, start, end);
            TLanes sum = default;
            ref T fromX = ref Unsafe.Add(ref x.Origin, ((nint)start * x.Stride) + j);
            ref T fromY = ref Unsafe.Add(ref y.Origin, ((nint)start * y.Stride) + j);
            for (int i = start; i < full; i++)
            {
                sum = Add<TLanes, TReduction, T>(reduction, sum, ref fromX, ref fromY, 0, column);
                fromX = ref Unsafe.Add(ref fromX, x.Stride);
                fromY = ref Unsafe.Add(ref fromY, y.Stride);
            }

            // Through memory, since the JIT would write a vector that lives across a call to the stack in every iteration of the loop
            // above.
            Unsafe.SkipInit(out TLanes last);
            sum.Store(ref LaneStack.Element<TLanes, T>(ref last));
            for (int i = full; i < end; i++)
            {
                TLanes firstX = TLanes.LoadFirst(in fromX, left);
                last = reduction.Accumulate(last, firstX, TReduction.UsesSecond ? TLanes.LoadFirst(in fromY, left) : firstX, column);
                fromX = ref Unsafe.Add(ref fromX, x.Stride);
                fromY = ref Unsafe.Add(ref fromY, y.Stride);
            }
            total += last;
        }
        total *= TLanes.Create(scale);
        if (!T.IsZero(keep))
            total = TLanes.FusedMultiplyAdd(TLanes.LoadFirst(in destination[j], left), TLanes.Create(keep), total);
        total.StoreFirst(ref destination[j], left);
    }

    /// <summary>The number of last rows that have less than a whole vector of readable memory from column j on.</summary>
    private static int RowsBehind<TLanes, T>(int j, int columns, int stride)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (stride <= 0)
            return int.MaxValue;
        int missing = j + TLanes.Count - columns;
        return (missing + stride - 1) / stride;
    }
}
