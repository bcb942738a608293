using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products with a k of up to eight, for which writing the result takes most of the time. The result is written row by row, two rows at a
/// time, while their elements of A stay in registers.
/// </summary>
internal static unsafe class ShallowProduct
{
    private const int MaxDepth = 8;

    /// <summary>The fewest vectors in a row; the columns left over, which another path computes, then weigh little.</summary>
    private const int MinVectors = 12;

    /// <summary>The most bytes of a copy of op(B), so that it stays in a cache, and the fewest rows for which the copy pays.</summary>
    private const int MaxCopy = 64 * 1024, MinRowsForCopy = 16;

    /// <summary>The most bytes of the result, so that it stays in a cache; a larger one is better written in blocks.</summary>
    private const int MaxResult = 8 << 20;

    /// <summary>
    /// Whether a product is one of these: long rows, a result that fits in a cache, and an op(B) with contiguous rows, or one small enough
    /// to be copied.
    /// </summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Depth is > 0 and <= MaxDepth && product.Columns >= MinVectors * set.Width && set.Width > 1
        && (long)product.Rows * product.Columns * sizeof(T) <= MaxResult
        && ((product.ColumnB == 1 && product.Alpha == T.One)
            || (product.Rows >= MinRowsForCopy && (long)product.Columns * product.Depth * sizeof(T) <= MaxCopy));

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Product<T> inner = product;
        if (product.ColumnB != 1 || product.Alpha != T.One)
        {
            inner.DepthB = (product.Columns + 15) / 16 * 16;
            inner.B = (T*)PanelMemory.Rent((nuint)((inner.DepthB * product.Depth) + PanelPacking.Slack) * (nuint)sizeof(T));
            PanelPacking.Pack(
                product.B, product.ColumnB, product.DepthB, product.Depth, product.Columns, product.Alpha, inner.B, (int)inner.DepthB);
            inner.ColumnB = 1;
            inner.Alpha = T.One;
        }
        switch (set.Width * sizeof(T))
        {
            case 64: ByDepth<T, Lanes512<T>>(inner); break;
            case 32: ByDepth<T, Lanes256<T>>(inner); break;
            default: ByDepth<T, Lanes128<T>>(inner); break;
        }
        int left = product.Columns & (set.Width - 1);
        if (left > 0 && (product.Start is ChainStart.Result or ChainStart.ScaledResult || product.Columns < set.Width))
            SmallProduct.Multiply(inner.Window(0, product.Rows, product.Columns - left, left), set);
    }

    private static void ByDepth<T, TLanes>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        switch (product.Depth)
        {
            case 1: ByRows<T, TLanes, Count1>(product); break;
            case 2: ByRows<T, TLanes, Count2>(product); break;
            case 3: ByRows<T, TLanes, Count3>(product); break;
            case 4: ByRows<T, TLanes, Count4>(product); break;
            case 5: ByRows<T, TLanes, Count5>(product); break;
            case 6: ByRows<T, TLanes, Count6>(product); break;
            case 7: ByRows<T, TLanes, Count7>(product); break;
            default: ByRows<T, TLanes, Count8>(product); break;
        }
    }

    private static void ByRows<T, TLanes, TDepth>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ILanes<TLanes, T>
        where TDepth : unmanaged
    {
        if (product.Rows == 1)
            Run<T, TLanes, TDepth, Count1>(product);
        else
            Run<T, TLanes, TDepth, Count2>(product);
    }

    /// <summary>Computes all columns; if the chains start from the result, only those that fill whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TLanes, TDepth, TRows>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ILanes<TLanes, T>
        where TDepth : unmanaged
        where TRows : unmanaged
    {
        // The last vector steps back to be full, and some numbers are written twice. That is not possible if the chains start from the
        // result, which would be overwritten; the caller then computes the columns left over.
        ChainStart start = product.Start;
        bool fromResult = start is ChainStart.Result or ChainStart.ScaledResult;
        int last = product.Columns - TLanes.Count, columns = fromResult || last < 0 ? product.Columns & -TLanes.Count : product.Columns;
        bool relu = product.Relu;
        T* bias = product.Bias;
        TLanes factor = TLanes.Create(product.Beta);
        T* b = product.B;
        nint depthB = product.DepthB;
        for (int row = 0; row < product.Rows; row += sizeof(TRows) - 1)
        {
            // With an odd number of rows the last row is computed twice.
            int other = Math.Min(row + 1, product.Rows - 1);
            T* a0 = product.A + (row * product.RowA), a1 = product.A + (other * product.RowA);
            T* c0 = product.C + (row * product.RowC), c1 = product.C + (other * product.RowC);
            TLanes x00 = TLanes.Create(*a0), x10 = default;
            if (sizeof(TRows) > 1 + 1)
                x10 = TLanes.Create(*a1);
            TLanes x01 = default, x02 = default, x03 = default, x04 = default, x05 = default, x06 = default, x07 = default;
            TLanes x11 = default, x12 = default, x13 = default, x14 = default, x15 = default, x16 = default, x17 = default;
            if (sizeof(TDepth) > 1 + 1)
            {
                x01 = TLanes.Create(a0[product.DepthA]);
                if (sizeof(TRows) > 1 + 1)
                    x11 = TLanes.Create(a1[product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 2)
            {
                x02 = TLanes.Create(a0[2 * product.DepthA]);
                if (sizeof(TRows) > 1 + 1)
                    x12 = TLanes.Create(a1[2 * product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 3)
            {
                x03 = TLanes.Create(a0[3 * product.DepthA]);
                if (sizeof(TRows) > 1 + 1)
                    x13 = TLanes.Create(a1[3 * product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 4)
            {
                x04 = TLanes.Create(a0[4 * product.DepthA]);
                if (sizeof(TRows) > 1 + 1)
                    x14 = TLanes.Create(a1[4 * product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 5)
            {
                x05 = TLanes.Create(a0[5 * product.DepthA]);
                if (sizeof(TRows) > 1 + 1)
                    x15 = TLanes.Create(a1[5 * product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 6)
            {
                x06 = TLanes.Create(a0[6 * product.DepthA]);
                if (sizeof(TRows) > 1 + 1)
                    x16 = TLanes.Create(a1[6 * product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 7)
            {
                x07 = TLanes.Create(a0[7 * product.DepthA]);
                if (sizeof(TRows) > 1 + 1)
                    x17 = TLanes.Create(a1[7 * product.DepthA]);
            }
            for (int first = 0; first < columns; first += TLanes.Count)
            {
                int j = Math.Min(first, last);
                TLanes y0 = default, y1 = default;
                if (fromResult)
                {
                    y0 = TLanes.Load(in c0[j]);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.Load(in c1[j]);
                    if (start == ChainStart.ScaledResult)
                    {
                        y0 = factor * y0;
                        if (sizeof(TRows) > 1 + 1)
                            y1 = factor * y1;
                    }
                }
                else if (start == ChainStart.Bias)
                {
                    y0 = TLanes.Load(in bias[j]);
                    y1 = y0;
                }
                T* from = b + j;
                TLanes y = TLanes.Load(in *from);
                y0 = TLanes.FusedMultiplyAdd(x00, y, y0);
                if (sizeof(TRows) > 1 + 1)
                    y1 = TLanes.FusedMultiplyAdd(x10, y, y1);
                if (sizeof(TDepth) > 1 + 1)
                {
                    from += depthB;
                    y = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x01, y, y0);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.FusedMultiplyAdd(x11, y, y1);
                }
                if (sizeof(TDepth) > 1 + 2)
                {
                    from += depthB;
                    y = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x02, y, y0);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.FusedMultiplyAdd(x12, y, y1);
                }
                if (sizeof(TDepth) > 1 + 3)
                {
                    from += depthB;
                    y = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x03, y, y0);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.FusedMultiplyAdd(x13, y, y1);
                }
                if (sizeof(TDepth) > 1 + 4)
                {
                    from += depthB;
                    y = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x04, y, y0);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.FusedMultiplyAdd(x14, y, y1);
                }
                if (sizeof(TDepth) > 1 + 5)
                {
                    from += depthB;
                    y = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x05, y, y0);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.FusedMultiplyAdd(x15, y, y1);
                }
                if (sizeof(TDepth) > 1 + 6)
                {
                    from += depthB;
                    y = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x06, y, y0);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.FusedMultiplyAdd(x16, y, y1);
                }
                if (sizeof(TDepth) > 1 + 7)
                {
                    from += depthB;
                    y = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x07, y, y0);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.FusedMultiplyAdd(x17, y, y1);
                }
                if (relu)
                {
                    y0 = TLanes.AtLeast(y0, default);
                    if (sizeof(TRows) > 1 + 1)
                        y1 = TLanes.AtLeast(y1, default);
                }
                y0.Store(ref c0[j]);
                if (sizeof(TRows) > 1 + 1)
                    y1.Store(ref c1[j]);
            }
        }
    }
}
