using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

// The products for which this path is faster. The tables are measured: each number of columns, rows and k by this path and by tiles.
internal static unsafe partial class MatrixVectors
{
    /// <summary>The least k for few columns. With less, the work before and after the chains weighs too much.</summary>
    private const int MinDepthOfColumns = 8;

    /// <summary>
    /// The fewest elements of the matrix for which few columns pay; with fewer rows than <see cref="ManyRows"/>, four times as many.
    /// </summary>
    private const int MinElements = 512, ManyRows = 9;

    /// <summary>The fewest rows that are many for vectors of 512 bits; with less, groups that step back compute much twice.</summary>
    private const int FewRows512 = 24;

    /// <summary>For each number of columns, the least k for which this path pays with vectors of 512 bits; 0 if it never does.</summary>
    private static ReadOnlySpan<byte> FloatDepths512 => [0, 8, 12, 16, 18, 24, 28, 32, 36];

    private static ReadOnlySpan<byte> DoubleDepths512 => [0, 8, 22, 36, 36, 44, 56, 72, 0];

    /// <summary>The same for fewer rows than <see cref="FewRows512"/>.</summary>
    private static ReadOnlySpan<byte> FloatDepthsOfFew512 => [0, 8, 24, 40, 40, 64, 96, 160, 250];

    private static ReadOnlySpan<byte> DoubleDepthsOfFew512 => [0, 12, 40, 72, 72, 100, 140, 230, 0];

    /// <summary>The same for many rows where the columns of B run along k too, of which tiles would need a copy.</summary>
    private static ReadOnlySpan<byte> DoubleDepthsOfBoth512 => [0, 8, 8, 20, 16, 32, 36, 48, 0];

    private static ReadOnlySpan<byte> FloatDepths => [0, 8, 24, 32, 24, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> DoubleDepths => [0, 16, 24, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether this path is faster for a product, and the hardware supports it.</summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (product.Columns <= MaxVectors || product.Rows <= MaxVectors) && (IsRows(product, set) || IsColumns(product, set));

    /// <summary>
    /// Whether few columns are computed faster here than by the micro-kernels, which leave lanes idle but need not transpose rows of A.
    /// With more columns the transposition weighs less, but so do the idle lanes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PaysForColumns<T>(int rows, int depth, int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        columns <= MaxVectors && (columns < MaxVectors || rows >= ManyRows)
        && (long)rows * depth >= (rows >= ManyRows ? MinElements : 4 * MinElements)
        && LanesFor(rows, set) > 0 && DepthFor(rows, columns, set) is var least && least > 0 && depth >= least;

    /// <summary>The least k for which a number of columns pays; 0 if it never does.</summary>
    private static int DepthFor<T>(int rows, int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isFloat = typeof(T) == typeof(float);
        if (set.Width * sizeof(T) < 64)
            return (isFloat ? FloatDepths : DoubleDepths)[columns];
        return rows < FewRows512 ? (isFloat ? FloatDepthsOfFew512 : DoubleDepthsOfFew512)[columns]
            : (isFloat ? FloatDepths512 : DoubleDepths512)[columns];
    }

    /// <summary>
    /// Whether there are few rows and the columns of B run along k; op(B) is then the matrix. The kernels read four k at once, or two of
    /// double.
    /// </summary>
    private static bool IsRows<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Rows <= MaxVectors && product.DepthB == 1 && (product.Depth >= 4 || (typeof(T) == typeof(double) && product.Depth == 2))
        && product.Alpha == T.One && LanesFor(product.Columns, set) > 0;

    /// <summary>
    /// Whether there are few columns and the rows of A run along k; A is then the matrix. If the columns of B run along k too, the
    /// micro-kernels would have to pack B, so this path pays earlier.
    /// </summary>
    private static bool IsColumns<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.DepthA == 1 && product.Depth >= MinDepthOfColumns && (product.DepthB == 1 && product.Columns > 1
            ? product.Columns <= MaxVectors && LanesFor(product.Rows, set) > 0 && DepthFor(product.Rows, product.Columns, set) > 0
                && (set.Width * sizeof(T) < 64 || typeof(T) == typeof(float) || product.Rows < FewRows512
                    || product.Depth >= DoubleDepthsOfBoth512[product.Columns])
            : PaysForColumns(product.Rows, product.Depth, product.Columns, set));

    /// <summary>
    /// The number of lanes for a number of rows of the matrix, which fill at least one group; 0 if no vector is that small.
    /// </summary>
    private static int LanesFor<T>(int count, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Avx512F.IsSupported && set.Width >= Vector512<T>.Count && count >= Vector512<T>.Count)
            return Vector512<T>.Count;
        if (Fma.IsSupported && set.Width >= Vector256<T>.Count && count >= Vector256<T>.Count)
            return Vector256<T>.Count;
        return Interleave.IsSupported && set.Width >= Vector128<T>.Count && count >= Vector128<T>.Count ? Vector128<T>.Count : 0;
    }
}
