using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products of a few dozen nanoseconds: no more columns than one panel has, and operands where they are. There is nothing to divide and
/// nothing to choose, and so the way to the micro-kernel is made as short as it can be: it takes longer than the kernel.
/// </summary>
internal static unsafe class OnePanelProduct
{
    /// <summary>The most elements of A; with more, the way to the kernel weighs little, and threads may pay.</summary>
    private const int MaxElements = 4096;

    /// <summary>
    /// Whether a product is one of these. A transposed A is, where no lane of the columns would be idle: else
    /// <see cref="ColumnProduct"/> may do better. Few columns and many k are better left to <see cref="MatrixVectors"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Suits<T>(int m, int k, int n, bool transposeA, bool transposeB, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        n <= set.Nr && (long)m * k <= MaxElements && !transposeB && alpha == T.One
        && (transposeA ? (n & (set.Width - 1)) == 0 : !MatrixVectors.PaysForColumns(m, k, n, set));

    /// <summary>Computes a product on the calling thread; the strides are those of <see cref="Product{T}"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<T>(
        T* a, nint rowA, nint depthA, T* b, nint depthB, T* c, nint rowC, int m, int k, int n, ChainStart start, T beta, T* bias,
        bool relu, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int edgeColumns = n & (set.Width - 1);
        int vectors = set.VectorsOf(n);
        int mr = set.MrFor(vectors);
        Edge edge = set.EdgeOf(edgeColumns);
        if (edge != Edge.None)
            vectors--;
        Unsafe.SkipInit(out TileRun<T> run);
        run.A = (byte*)a;
        run.RowStepA = rowA * sizeof(T);
        run.DepthStepA = depthA * sizeof(T);
        run.B = (byte*)b;
        run.DepthStepB = depthB * sizeof(T);
        run.C = (byte*)c;
        run.RowStepC = rowC * sizeof(T);
        run.Depth = k;
        run.Bias = bias;
        run.Beta = beta;
        run.Start = start;
        run.Relu = relu;
        run.Edge = edgeColumns;
        if (m <= mr)
        {
            run.Tiles = 1;
            set.Find(m, vectors, edge)(&run);
            return;
        }
        set.RunTiles(ref run, new Division(m, mr), vectors, edge, run.RowStepA);
    }
}
