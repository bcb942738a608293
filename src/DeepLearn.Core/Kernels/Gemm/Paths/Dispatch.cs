using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>The one place that chooses how a product, or a thread's part of one, is computed.</summary>
internal static unsafe class Dispatch
{
    /// <summary>
    /// Whether a product is so small that <see cref="OnePanelProduct"/> computes it at once. Filling in a <see cref="Product{T}"/> and
    /// asking the other paths would take longer than the product itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOnePanel<T>(int m, int k, int n, bool transposeA, bool transposeB, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => OnePanelProduct.Suits(m, k, n, transposeA, transposeB, alpha, set);

    /// <summary>Whether a product whose B is stored transposed is as short; B is then copied to the stack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOneTransposedPanel<T>(int m, int k, int n, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => OnePanelProduct.SuitsTransposed(m, k, n, alpha, set);

    /// <summary>Whether a product whose operands are both stored along k has so few results that no vector would be full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreDotProducts<T>(int m, int k, int n, T alpha)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => DotProducts.Suits(m, k, n, alpha);

    /// <summary>Whether a product with a short k is so small that <see cref="ShallowProduct"/> computes it at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsShallow<T>(int m, int k, int n, bool transposeB, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ShallowProduct.SuitsAtOnce(m, k, n, transposeB, alpha, set);

    /// <summary>Chooses the path for a product.</summary>
    public static ProductPath PathOf<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Bytes != null)
            return ProductPath.Bytes;
        if (PackedProduct.Suits(product, set))
            return ProductPath.Packed;
        if (IsColumnOfTransposed(product))
            return ProductPath.ColumnAsRow;
        if (ShallowProduct.Suits(product, set))
            return ProductPath.Shallow;
        if (StreamedRows.Suits(product, set))
            return ProductPath.StreamedRows;
        if (MatrixVectors.Suits(product, set))
            return ProductPath.MatrixVectors;
        if (ColumnProduct.Suits(product, set))
            return ProductPath.Columns;
        return SmallProduct.Suits(product) ? ProductPath.Small : ProductPath.Blocked;
    }

    /// <summary>Computes a product whose result is not empty, on the calling thread.</summary>
    public static void Run<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (PathOf(product, set))
        {
            case ProductPath.ColumnAsRow:
                RunAsRow(product, set);
                break;
            case ProductPath.MatrixVectors:
                MatrixVectors.Multiply(product, set);
                break;
            case ProductPath.Shallow:
                ShallowProduct.Multiply(product, set);
                break;
            case ProductPath.StreamedRows:
                StreamedRows.Multiply(product, set);
                break;
            case ProductPath.Columns:
                ColumnProduct.Multiply(product, set, Blocking.KcOfColumns);
                break;
            case ProductPath.Small:
                SmallProduct.Multiply(product, set);
                break;
            case ProductPath.Packed:
                PackedProduct.Multiply(product, set);
                break;
            case ProductPath.Bytes:
                ByteProduct.Multiply(product, set);
                break;
            default:
                BlockedProduct.Multiply(product, set, Blocking.For(product, set));
                break;
        }
    }

    /// <summary>
    /// Whether the result is one contiguous column and A is stored transposed. The transposed product is then a row, and no operand has to
    /// be transposed.
    /// </summary>
    private static bool IsColumnOfTransposed<T>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Columns == 1 && product.RowC == 1 && product.RowA == 1 && product.DepthA != 1 && product.Rows > 1
        && product.Alpha == T.One;

    /// <summary>Computes a column as a row. A and B are exchanged, which changes no bit.</summary>
    private static void RunAsRow<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Product<T> row = product;
        row.A = product.B;
        row.RowA = 1;
        row.DepthA = product.DepthB;
        row.B = product.A;
        row.DepthB = product.DepthA;
        row.ColumnB = 1;
        row.Panels = null;
        row.RowC = product.Rows;
        row.Rows = 1;
        row.Columns = product.Rows;
        if (product.Start == ChainStart.Bias)
        {
            // The bias has one number, which now belongs to all columns.
            new Span<T>(product.C, product.Rows).Fill(product.Bias[0]);
            row.Start = ChainStart.Result;
        }
        Run(row, set);
    }
}
