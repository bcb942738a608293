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
    /// <see cref="ColumnProduct"/> may do better.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Columns <= set.Nr && (long)product.Rows * product.Depth <= MaxElements && product.ColumnB == 1 && product.Alpha == T.One
        && (product.DepthA == 1 || (product.Columns & (set.Width - 1)) == 0)
        && product.Panels == null && product.Bytes == null;

    /// <summary>Computes a product on the calling thread.</summary>
    [SkipLocalsInit]
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int edgeColumns = product.Columns & (set.Width - 1);
        int vectors = set.VectorsOf(product.Columns);
        int mr = set.MrFor(vectors);
        Edge edge = set.EdgeOf(edgeColumns);
        if (edge != Edge.None)
            vectors--;
        Unsafe.SkipInit(out TileRun<T> run);
        run.A = (byte*)product.A;
        run.RowStepA = product.RowA * sizeof(T);
        run.DepthStepA = product.DepthA * sizeof(T);
        run.B = (byte*)product.B;
        run.DepthStepB = product.DepthB * sizeof(T);
        run.C = (byte*)product.C;
        run.RowStepC = product.RowC * sizeof(T);
        run.Depth = product.Depth;
        run.Bias = product.Bias;
        run.Beta = product.Beta;
        run.Start = product.Start;
        run.Relu = product.Relu;
        run.Edge = edgeColumns;
        if (product.Rows <= mr)
        {
            run.Tiles = 1;
            set.Find(product.Rows, vectors, edge)(&run);
            return;
        }
        set.RunTiles(ref run, new Division(product.Rows, mr), vectors, edge, run.RowStepA);
    }
}
