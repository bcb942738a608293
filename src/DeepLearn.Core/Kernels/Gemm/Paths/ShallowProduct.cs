using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products with a k of up to eight, or sixteen for one row, for which writing the result takes most of the time. It is written row by row,
/// up to four rows at a time, while their elements of A stay in registers.
/// </summary>
internal static unsafe class ShallowProduct
{
    /// <summary>The most rows of a group, and the longest k of a group of one row.</summary>
    public const int MaxGroup = 4, MaxDepthOfRow = 16;

    /// <summary>
    /// The longest k of more than one row, and of as few as one tile has or with 16 registers; beyond it, tiles are faster.
    /// </summary>
    private const int MaxDepth = 8, MaxDepthOfFew = 4;

    /// <summary>The fewest vectors in a row; with fewer, a tile does more between one row and the next.</summary>
    private const int MinVectors = 4;

    /// <summary>The most bytes of a copy of op(B), so that it stays in a cache, and the fewest rows for which the copy pays.</summary>
    private const int MaxCopy = 64 * 1024, MinRowsForCopy = 16;

    /// <summary>The most results of a product that is computed at once; more of them may be shared among threads.</summary>
    private const int MaxResultsAtOnce = 32 * 1024;

    /// <summary>The most bytes of the result, so that it stays in a cache; a larger one is better written in blocks.</summary>
    private const int MaxResult = 8 << 20;

    /// <summary>What the first cache holds, and a little more; and the bytes of a row beyond which tiles are slower all the same.</summary>
    private const int NearBytes = 54 * 1024, LongRow = 16 * 1024;

    /// <summary>
    /// Whether a product is one of these: long rows, a result that fits in a cache, and an op(B) with contiguous rows, or one small enough
    /// to be copied.
    /// </summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        HasLongRows(product.Rows, product.Depth, product.Columns, set)
        && (long)product.Rows * product.Columns * sizeof(T) <= MaxResult
        && ((product.ColumnB == 1 && product.Alpha == T.One)
            || (product.Rows >= MinRowsForCopy && (long)product.Columns * product.Depth * sizeof(T) <= MaxCopy));

    /// <summary>
    /// Whether a product is one of these, and so small that neither threads nor a copy of B pay. It then takes no preparations.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SuitsAtOnce<T>(int m, int k, int n, bool transposeB, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        HasLongRows(m, k, n, set) && !transposeB && alpha == T.One && (long)m * n <= MaxResultsAtOnce;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasLongRows<T>(int m, int k, int n, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        k <= MaxDepthOfRow && k > 0 && n >= MinVectors << set.WidthShift && set.Width > 1
        && (m == 1 || (k <= MaxDepthFor(m, set) && (m < MinRowsForCopy || !LeavesFirstCache(k, n, set))));

    /// <summary>
    /// Whether op(B) and a group of the result are more than the first cache holds, so that each group of rows reads op(B) from the next
    /// one. Tiles read it less often; of still longer rows, or two, they read too short parts.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool LeavesFirstCache<T>(int k, int n, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        set.Width * sizeof(T) == 64 && k > 2 && n <= LongRow / sizeof(T) && (k + MaxGroup) * n > NearBytes / sizeof(T);

    /// <summary>The longest k of a number of rows above one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MaxDepthFor<T>(int m, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        set.Width * sizeof(T) < 64 || m is > KernelSet<T>.WideRows and <= KernelSet<T>.MaxMr ? MaxDepthOfFew : MaxDepth;

    /// <summary>Computes a product on the calling thread.</summary>
    [SkipLocalsInit]
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* b = product.B;
        nint depthB = product.DepthB;
        if (product.ColumnB != 1 || product.Alpha != T.One)
        {
            depthB = (product.Columns + 15) / 16 * 16;
            b = (T*)PanelMemory.Rent((nuint)((depthB * product.Depth) + PanelPacking.Slack) * (nuint)sizeof(T));
            PanelPacking.Pack(product.B, product.ColumnB, product.DepthB, product.Depth, product.Columns, product.Alpha, b, (int)depthB);
        }
        if (product.Columns >= set.Width)
        {
            Multiply(
                product.A, product.RowA, product.DepthA, b, depthB, product.C, product.RowC, product.Rows, product.Depth, product.Columns,
                product.Start, product.Beta, product.Bias, product.Relu, set);
            return;
        }
        Product<T> inner = product;
        inner.B = b;
        inner.DepthB = depthB;
        inner.ColumnB = 1;
        inner.Alpha = T.One;
        SmallProduct.Multiply(inner, set);
    }

    /// <summary>Computes a product for which <see cref="SuitsAtOnce"/> is true.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyAtOnce<T>(
        T* a, nint rowA, nint depthA, T* b, nint depthB, T* c, nint rowC, int m, int k, int n, ChainStart start, T beta, T* bias,
        bool relu, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(a, rowA, depthA, b, depthB, c, rowC, m, k, n, start, beta, bias, relu, set);

    /// <summary>
    /// Computes a product of at least a vector of columns on the calling thread. The strides are those of <see cref="Product{T}"/>.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<T>(
        T* a, nint rowA, nint depthA, T* b, nint depthB, T* c, nint rowC, int m, int k, int n, ChainStart start, T beta, T* bias,
        bool relu, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint vector = (nint)set.Width * sizeof(T), bytes = (nint)n * sizeof(T), full = bytes & -vector;
        Unsafe.SkipInit(out ShallowRun<T> run);
        run.A = (byte*)a;
        run.RowStepA = rowA * sizeof(T);
        run.DepthStepA = depthA * sizeof(T);
        run.B = (byte*)b;
        run.DepthStepB = depthB * sizeof(T);
        run.C = (byte*)c;
        run.RowStepC = rowC * sizeof(T);
        run.Pairs = full & (-2 * vector);
        run.Odd = run.Pairs < full ? run.Pairs : -1;
        run.Last = full < bytes ? bytes - vector : -1;
        run.FirstSingle = full < bytes ? run.Last : run.Odd;
        run.Bias = (byte*)bias;
        run.Beta = beta;
        run.Scales = start == ChainStart.ScaledResult;
        run.Relu = relu;
        int kind = start == ChainStart.Zero ? 0 : start == ChainStart.Bias ? 2 : 1;
        var groups = new Division(m, GroupFor(k, set));
        int size = groups.ShortSize;
        if (groups.LongCount > 0)
        {
            run.Groups = groups.LongCount;
            ShallowKernels<T>.Find(set.Width, kind, size + 1, k)(&run);
        }
        run.Groups = groups.Count - groups.LongCount;
        ShallowKernels<T>.Find(set.Width, kind, size, k)(&run);
    }

    /// <summary>
    /// The most rows of a group: their elements of A leave registers for two accumulators each, and two vectors of B. There are 32
    /// registers of 512 bits, and 16 of the others; processors whose vectors have 128 bits multiply and add slowly enough for one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int GroupFor<T>(int k, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (set.Width * sizeof(T)) switch
        {
            64 => k <= 4 ? 4 : k <= 7 ? 3 : k == 8 ? 2 : 1,
            32 => k == 1 ? 4 : k <= 4 ? 2 : 1,
            _ => 1,
        };
}
