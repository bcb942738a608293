using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products with a k of up to four, for which writing the result takes most of the time. The result is written row by row, two rows at a
/// time, while their elements of A stay in registers.
/// </summary>
internal static unsafe class ShallowProduct
{
    private const int MaxDepth = 4;

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
            case 1: Run<T, TLanes, Count1>(product); break;
            case 2: Run<T, TLanes, Count2>(product); break;
            case 3: Run<T, TLanes, Count3>(product); break;
            default: Run<T, TLanes, Count4>(product); break;
        }
    }

    /// <summary>Computes all columns; if the chains start from the result, only those that fill whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TLanes, TDepth>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ILanes<TLanes, T>
        where TDepth : unmanaged
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
        for (int row = 0; row < product.Rows; row += 2)
        {
            // With an odd number of rows the last row is computed twice.
            int other = Math.Min(row + 1, product.Rows - 1);
            T* a0 = product.A + (row * product.RowA), a1 = product.A + (other * product.RowA);
            T* c0 = product.C + (row * product.RowC), c1 = product.C + (other * product.RowC);
            TLanes x00 = TLanes.Create(*a0), x10 = TLanes.Create(*a1);
            TLanes x01 = default, x11 = default, x02 = default, x12 = default, x03 = default, x13 = default;
            if (sizeof(TDepth) > 1 + 1)
            {
                x01 = TLanes.Create(a0[product.DepthA]);
                x11 = TLanes.Create(a1[product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 2)
            {
                x02 = TLanes.Create(a0[2 * product.DepthA]);
                x12 = TLanes.Create(a1[2 * product.DepthA]);
            }
            if (sizeof(TDepth) > 1 + 3)
            {
                x03 = TLanes.Create(a0[3 * product.DepthA]);
                x13 = TLanes.Create(a1[3 * product.DepthA]);
            }
            for (int first = 0; first < columns; first += TLanes.Count)
            {
                int j = Math.Min(first, last);
                TLanes y0 = default, y1 = default;
                if (fromResult)
                {
                    y0 = TLanes.Load(in c0[j]);
                    y1 = TLanes.Load(in c1[j]);
                    if (start == ChainStart.ScaledResult)
                    {
                        y0 = factor * y0;
                        y1 = factor * y1;
                    }
                }
                else if (start == ChainStart.Bias)
                {
                    y0 = TLanes.Load(in bias[j]);
                    y1 = y0;
                }
                T* from = b + j;
                TLanes b0 = TLanes.Load(in *from);
                y0 = TLanes.FusedMultiplyAdd(x00, b0, y0);
                y1 = TLanes.FusedMultiplyAdd(x10, b0, y1);
                if (sizeof(TDepth) > 1 + 1)
                {
                    from += depthB;
                    TLanes b1 = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x01, b1, y0);
                    y1 = TLanes.FusedMultiplyAdd(x11, b1, y1);
                }
                if (sizeof(TDepth) > 1 + 2)
                {
                    from += depthB;
                    TLanes b2 = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x02, b2, y0);
                    y1 = TLanes.FusedMultiplyAdd(x12, b2, y1);
                }
                if (sizeof(TDepth) > 1 + 3)
                {
                    from += depthB;
                    TLanes b3 = TLanes.Load(in *from);
                    y0 = TLanes.FusedMultiplyAdd(x03, b3, y0);
                    y1 = TLanes.FusedMultiplyAdd(x13, b3, y1);
                }
                if (relu)
                {
                    y0 = TLanes.AtLeast(y0, default);
                    y1 = TLanes.AtLeast(y1, default);
                }
                y0.Store(ref c0[j]);
                y1.Store(ref c1[j]);
            }
        }
    }
}
