using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

public static partial class ColumnReductions
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
    private const int RowsPerBlock = 256;

    private static void Run<TLanes, TReduction, T>(
        TReduction reduction,
        ReadOnlyMatrixView<T> x,
        ReadOnlyMatrixView<T> y,
        ReadOnlySpan<T> perColumn,
        T scale,
        T keep,
        Span<T> destination,
        bool wide)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (wide)
            RunWide<TLanes, TReduction, T>(reduction, x, y, perColumn, scale, keep, destination);
        else
            RunNarrow<TLanes, TReduction, T>(reduction, x, y, perColumn, scale, keep, destination);
        int done = x.Columns - (x.Columns % TLanes.Count);
        if (done < x.Columns)
            RunEnd<TLanes, TReduction, T>(reduction, x, y, perColumn, scale, keep, destination, done);
    }

    /// <summary>Sums a few vectors of columns at a time, down all rows, with the sums in registers.</summary>
    [MethodImpl(Loop)]
    private static void RunNarrow<TLanes, TReduction, T>(
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
        int columns = x.Columns;
        int j = 0;
        for (; j <= columns - (4 * TLanes.Count); j += 4 * TLanes.Count)
        {
            TLanes c0 = default, c1 = default, c2 = default, c3 = default;
            if (TReduction.UsesColumn)
            {
                c0 = TLanes.Load(in Unsafe.Add(ref own, j));
                c1 = TLanes.Load(in Unsafe.Add(ref own, j + TLanes.Count));
                c2 = TLanes.Load(in Unsafe.Add(ref own, j + (2 * TLanes.Count)));
                c3 = TLanes.Load(in Unsafe.Add(ref own, j + (3 * TLanes.Count)));
            }
            TLanes t0 = default, t1 = default, t2 = default, t3 = default;
            for (int start = 0; start < x.Rows; start += RowsPerBlock)
            {
                int end = Math.Min(x.Rows, start + RowsPerBlock);
                TLanes a0 = default, a1 = default, a2 = default, a3 = default;
                ref T fromX = ref Unsafe.Add(ref x.Origin, ((nint)start * x.Stride) + j);
                ref T fromY = ref Unsafe.Add(ref y.Origin, ((nint)start * y.Stride) + j);
                for (int i = start; i < end; i++)
                {
                    a0 = Add<TLanes, TReduction, T>(reduction, a0, ref fromX, ref fromY, 0, c0);
                    a1 = Add<TLanes, TReduction, T>(reduction, a1, ref fromX, ref fromY, TLanes.Count, c1);
                    a2 = Add<TLanes, TReduction, T>(reduction, a2, ref fromX, ref fromY, 2 * TLanes.Count, c2);
                    a3 = Add<TLanes, TReduction, T>(reduction, a3, ref fromX, ref fromY, 3 * TLanes.Count, c3);
                    fromX = ref Unsafe.Add(ref fromX, x.Stride);
                    fromY = ref Unsafe.Add(ref fromY, y.Stride);
                }
                t0 += a0;
                t1 += a1;
                t2 += a2;
                t3 += a3;
            }
            Finish<TLanes, T>(t0, factor, kept, reads, ref Unsafe.Add(ref to, j));
            Finish<TLanes, T>(t1, factor, kept, reads, ref Unsafe.Add(ref to, j + TLanes.Count));
            Finish<TLanes, T>(t2, factor, kept, reads, ref Unsafe.Add(ref to, j + (2 * TLanes.Count)));
            Finish<TLanes, T>(t3, factor, kept, reads, ref Unsafe.Add(ref to, j + (3 * TLanes.Count)));
        }
        for (; j <= columns - TLanes.Count; j += TLanes.Count)
        {
            TLanes column = TReduction.UsesColumn ? TLanes.Load(in Unsafe.Add(ref own, j)) : default;
            TLanes total = default;
            for (int start = 0; start < x.Rows; start += RowsPerBlock)
            {
                int end = Math.Min(x.Rows, start + RowsPerBlock);
                TLanes sum = default;
                ref T fromX = ref Unsafe.Add(ref x.Origin, ((nint)start * x.Stride) + j);
                ref T fromY = ref Unsafe.Add(ref y.Origin, ((nint)start * y.Stride) + j);
                for (int i = start; i < end; i++)
                {
                    sum = Add<TLanes, TReduction, T>(reduction, sum, ref fromX, ref fromY, 0, column);
                    fromX = ref Unsafe.Add(ref fromX, x.Stride);
                    fromY = ref Unsafe.Add(ref fromY, y.Stride);
                }
                total += sum;
            }
            Finish<TLanes, T>(total, factor, kept, reads, ref Unsafe.Add(ref to, j));
        }
    }

    [MethodImpl(Inline)]
    private static TLanes Add<TLanes, TReduction, T>(TReduction reduction, TLanes sum, ref T x, ref T y, nint offset, TLanes column)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes first = TLanes.Load(in Unsafe.Add(ref x, offset));
        return reduction.Accumulate(sum, first, TReduction.UsesSecond ? TLanes.Load(in Unsafe.Add(ref y, offset)) : first, column);
    }

    [MethodImpl(Inline)]
    private static void Finish<TLanes, T>(TLanes sum, TLanes factor, TLanes kept, bool reads, ref T destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sum *= factor;
        if (reads)
            sum = TLanes.FusedMultiplyAdd(TLanes.Load(in destination), kept, sum);
        sum.Store(ref destination);
    }

    /// <summary>How an element is added to the running sum of its column.</summary>
    private interface IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        static virtual bool UsesSecond => false;

        static virtual bool UsesColumn => false;

        TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y, TLanes column)
            where TLanes : struct, ILanes<TLanes, T>;
    }

    private readonly struct Plain<T> : IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y, TLanes column)
            where TLanes : struct, ILanes<TLanes, T> => sum + x;
    }

    private readonly struct Differences<T> : IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool UsesColumn => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y, TLanes column)
            where TLanes : struct, ILanes<TLanes, T> => sum + (x - column);
    }

    private readonly struct Squares<T> : IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y, TLanes column)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.FusedMultiplyAdd(x, x, sum);
    }

    private readonly struct Products<T> : IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool UsesSecond => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y, TLanes column)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.FusedMultiplyAdd(x, y, sum);
    }

    private readonly struct SquaredDeviations<T> : IColumnReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool UsesColumn => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y, TLanes column)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes deviation = x - column;
            return TLanes.FusedMultiplyAdd(deviation, deviation, sum);
        }
    }

    /// <summary>Minus the square of what the sum z of x and y lost to rounding (Knuth's TwoSum).</summary>
    private readonly struct SquareOfRounding<T> : ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes added = z - x, lost = (x - (z - added)) + (y - added);
            return default(TLanes) - (lost * lost);
        }
    }

    private readonly struct NotNegative<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.AtLeast(x, default);
    }
}
