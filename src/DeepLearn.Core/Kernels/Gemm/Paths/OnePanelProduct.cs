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
    public static bool Suits<T>(int m, int k, int n, in ProductOptions<T> options, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        n <= set.Nr && (long)m * k <= MaxElements && !options.TransposeB && options.Alpha == T.One
        && (!options.TransposeA || (n & (set.Width - 1)) == 0);

    /// <summary>Computes a product on the calling thread.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<T>(
        T* a, int strideA, T* b, int strideB, T* c, int strideC, int m, int k, int n, in ProductOptions<T> options, T* bias,
        KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int edgeColumns = n & (set.Width - 1);
        int vectors = set.VectorsOf(n);
        int mr = set.MrFor(vectors);
        Edge edge = set.EdgeOf(edgeColumns);
        if (edge != Edge.None)
            vectors--;
        nint rowStepA = (nint)strideA * sizeof(T), depthStepA = sizeof(T);
        if (options.TransposeA)
            (rowStepA, depthStepA) = (depthStepA, rowStepA);
        Unsafe.SkipInit(out TileRun<T> run);
        run.A = (byte*)a;
        run.RowStepA = rowStepA;
        run.DepthStepA = depthStepA;
        run.B = (byte*)b;
        run.DepthStepB = (nint)strideB * sizeof(T);
        run.C = (byte*)c;
        run.RowStepC = (nint)strideC * sizeof(T);
        run.Depth = k;
        run.Bias = bias;
        run.Beta = options.Beta;
        run.Start = options.StartOfChains(bias != null);
        run.Relu = options.Relu;
        run.Edge = edgeColumns;
        if (m <= mr)
        {
            run.Tiles = 1;
            set.Find(m, vectors, edge)(&run);
            return;
        }
        set.RunTiles(ref run, new Division(m, mr), vectors, edge, rowStepA);
    }
}
