using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// A row or two by a matrix that is larger than the caches near the core, as a wide layer predicts one example. Reading the matrix takes
/// most of the time, so a few of its rows are read at a time, each from its start to its end, as the processor foresees it.
/// </summary>
/// <remarks>
/// The tiles of the other paths read a short part of every row of the matrix before the next part. That is as fast while the L2 cache
/// holds the matrix. The rows of the result are read and written again for every few steps of k; they stay in the L1 cache.
/// </remarks>
internal static unsafe class StreamedRows
{
    /// <summary>The steps of k that are taken at a time: the rows of the matrix that are read side by side.</summary>
    private const int Steps = 8;

    /// <summary>
    /// The fewest bytes of the matrix, more than an L2 cache holds, and the fewest for two rows, for which it is read twice.
    /// </summary>
    private const int MinBytes = 3 << 19, MinBytesForTwo = 4 << 20;

    /// <summary>The fewest and the most bytes in a row of the matrix.</summary>
    private const int MinRow = 1024, MaxRow = 16 * 1024;

    /// <summary>
    /// The fewest bytes in a row whose last vector is not full, and in a row that is used for two rows of the result. With fewer, the work
    /// at the end of each row weighs too much.
    /// </summary>
    private const int MinUnevenRow = 2048, MinRowForTwo = 4096;

    /// <summary>Whether this path is faster for a product.</summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Rows > 2 || product.ColumnB != 1 || product.Alpha != T.One || set.Width == 1)
            return false;
        long row = (long)product.Columns * sizeof(T);
        int least = product.Rows == 2 ? MinRowForTwo : (product.Columns & (set.Width - 1)) != 0 ? MinUnevenRow : MinRow;
        return row >= least && row <= MaxRow && product.Depth * row >= (product.Rows == 2 ? MinBytesForTwo : MinBytes);
    }

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (set.Width * sizeof(T))
        {
            case 64: Run<T, Lanes512<T>>(product); break;
            case 32: Run<T, Lanes256<T>>(product); break;
            default: Run<T, Lanes128<T>>(product); break;
        }
    }

    private static void Run<T, TLanes>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        ChainStart start = product.Start;
        int k = 0;
        for (; k + Steps <= product.Depth; k += Steps, start = ChainStart.Result)
        {
            for (int row = 0; row < product.Rows; row++)
                Block<T, TLanes, Count8>(product, start, row, k, product.Relu && k + Steps == product.Depth);
        }
        for (; k < product.Depth; k++, start = ChainStart.Result)
        {
            for (int row = 0; row < product.Rows; row++)
                Block<T, TLanes, Count1>(product, start, row, k, product.Relu && k + 1 == product.Depth);
        }
    }

    /// <summary>Takes some steps of k for a row of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<T, TLanes, TSteps>(in Product<T> product, ChainStart start, int row, int k, bool relu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ILanes<TLanes, T>
        where TSteps : unmanaged
    {
        T* a = product.A + (row * product.RowA) + (k * product.DepthA), c = product.C + (row * product.RowC);
        nint depthA = product.DepthA;
        TLanes a0 = TLanes.Create(*a), a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        T* b0 = product.B + (k * product.DepthB), b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0, b6 = b0, b7 = b0;
        if (sizeof(TSteps) > 1 + 1)
        {
            a1 = TLanes.Create(a[depthA]);
            a2 = TLanes.Create(a[2 * depthA]);
            a3 = TLanes.Create(a[3 * depthA]);
            a4 = TLanes.Create(a[4 * depthA]);
            a5 = TLanes.Create(a[5 * depthA]);
            a6 = TLanes.Create(a[6 * depthA]);
            a7 = TLanes.Create(a[7 * depthA]);
            b1 = b0 + product.DepthB;
            b2 = b1 + product.DepthB;
            b3 = b2 + product.DepthB;
            b4 = b3 + product.DepthB;
            b5 = b4 + product.DepthB;
            b6 = b5 + product.DepthB;
            b7 = b6 + product.DepthB;
        }
        T* from = start switch { ChainStart.Zero => null, ChainStart.Bias => product.Bias, _ => c };
        bool scales = start == ChainStart.ScaledResult;
        TLanes factor = TLanes.Create(product.Beta);
        nint full = product.Columns & -TLanes.Count;
        for (nint j = 0; j < full; j += TLanes.Count)
        {
            TLanes x = default;
            if (from != null)
                x = TLanes.Load(in from[j]);
            if (scales)
                x = factor * x;
            x = TLanes.FusedMultiplyAdd(a0, TLanes.Load(in b0[j]), x);
            if (sizeof(TSteps) > 1 + 1)
            {
                x = TLanes.FusedMultiplyAdd(a1, TLanes.Load(in b1[j]), x);
                x = TLanes.FusedMultiplyAdd(a2, TLanes.Load(in b2[j]), x);
                x = TLanes.FusedMultiplyAdd(a3, TLanes.Load(in b3[j]), x);
                x = TLanes.FusedMultiplyAdd(a4, TLanes.Load(in b4[j]), x);
                x = TLanes.FusedMultiplyAdd(a5, TLanes.Load(in b5[j]), x);
                x = TLanes.FusedMultiplyAdd(a6, TLanes.Load(in b6[j]), x);
                x = TLanes.FusedMultiplyAdd(a7, TLanes.Load(in b7[j]), x);
            }
            if (relu)
                x = TLanes.AtLeast(x, default);
            x.Store(ref c[j]);
        }
        int left = product.Columns - (int)full;
        if (left > 0)
        {
            TLanes x = default;
            if (from != null)
                x = TLanes.LoadFirst(in from[full], left);
            if (scales)
                x = factor * x;
            x = TLanes.FusedMultiplyAdd(a0, TLanes.LoadFirst(in b0[full], left), x);
            if (sizeof(TSteps) > 1 + 1)
            {
                x = TLanes.FusedMultiplyAdd(a1, TLanes.LoadFirst(in b1[full], left), x);
                x = TLanes.FusedMultiplyAdd(a2, TLanes.LoadFirst(in b2[full], left), x);
                x = TLanes.FusedMultiplyAdd(a3, TLanes.LoadFirst(in b3[full], left), x);
                x = TLanes.FusedMultiplyAdd(a4, TLanes.LoadFirst(in b4[full], left), x);
                x = TLanes.FusedMultiplyAdd(a5, TLanes.LoadFirst(in b5[full], left), x);
                x = TLanes.FusedMultiplyAdd(a6, TLanes.LoadFirst(in b6[full], left), x);
                x = TLanes.FusedMultiplyAdd(a7, TLanes.LoadFirst(in b7[full], left), x);
            }
            if (relu)
                x = TLanes.AtLeast(x, default);
            x.StoreFirst(ref c[full], left);
        }
    }
}
