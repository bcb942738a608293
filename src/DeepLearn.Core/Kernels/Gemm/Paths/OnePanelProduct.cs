using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products of a few dozen nanoseconds, with no more columns than one panel has. Operands are not packed, and nothing is divided or chosen.
/// Preparations take longer than the micro-kernel itself, so they are as short as possible.
/// </summary>
internal static unsafe class OnePanelProduct
{
    /// <summary>The most elements of A. With more, preparations weigh little, and threads may pay.</summary>
    private const int MaxElements = 4096;

    /// <summary>
    /// Whether a product is one of these. A transposed A qualifies if the columns leave no lane idle, or if k is short; otherwise
    /// <see cref="ColumnProduct"/> may be faster. <see cref="MatrixVectors"/> is faster for few columns and a long k.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Suits<T>(int m, int k, int n, bool transposeA, bool transposeB, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (n <= set.Nr || (m <= KernelSet<T>.WideRows && IsWidePanel(m, k, n, set)))
        && (long)m * k <= MaxElements && !transposeB && alpha == T.One
        && (transposeA
            ? (n & (set.Width - 1)) == 0 || (k < ColumnProduct.MinDepth && (n > 1 || m <= KernelSet<T>.MaxMr))
            : !MatrixVectors.PaysForColumns(m, k, n, set));

    /// <summary>The most multiplications of a wide panel. With more, threads may pay, or a path that reads B in its order.</summary>
    private const int MaxWideWork = 128 * 1024;

    /// <summary>Whether a row or two fit into a wide tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWidePanel<T>(int m, int k, int n, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        n <= set.WidePanelVectors(m) << set.WidthShift && (long)m * k * n <= MaxWideWork;

    /// <summary>The least k for which few rows or columns are left to <see cref="MatrixVectors"/>.</summary>
    private const int MinDepthOfVectors = 8;

    /// <summary>The most elements, in whole vectors, of a B stored transposed that is copied to the stack.</summary>
    private const int MaxCopy = 1024;

    /// <summary>
    /// Whether a product whose B is stored transposed is so small that B is copied to the stack first. Few rows or columns and a longer k
    /// are left to <see cref="MatrixVectors"/>, which transposes in registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SuitsTransposed<T>(int m, int k, int n, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        n <= set.Nr && (long)k * (set.VectorsOf(n) << set.WidthShift) <= MaxCopy && (long)m * k <= MaxElements && alpha == T.One
        && set.Width > 1
        && (k < MinDepthOfVectors || (m > MatrixVectors.MaxVectors && n > MatrixVectors.MaxVectors) || Math.Max(m, n) < set.Width);

    /// <summary>Computes a product whose B is stored transposed: <paramref name="columnB"/> is the stride between its columns.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyTransposed<T>(
        T* a, nint rowA, nint depthA, T* b, nint columnB, T* c, nint rowC, int m, int k, int n, ChainStart start, T beta, T* bias,
        bool relu, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Line = 64;
        byte* memory = stackalloc byte[((MaxCopy + PanelPacking.Slack) * sizeof(T)) + Line];
        T* copy = (T*)(((nuint)memory + Line - 1) / Line * Line);
        int step = set.VectorsOf(n) << set.WidthShift;
        PanelPacking.Transpose(b, columnB, k, n, T.One, copy, step);
        Multiply(a, rowA, depthA, copy, step, c, rowC, m, k, n, start, beta, bias, relu, set);
    }

    /// <summary>
    /// Computes a product on the calling thread. The strides are those of <see cref="Product{T}"/>. It is inlined, since a call with so
    /// many arguments would take a part of the time of the shortest products.
    /// </summary>
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
        run.ResultIsFar = false;
        run.TileStepB = run.TileStepC = run.TileStepBias = 0;
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
