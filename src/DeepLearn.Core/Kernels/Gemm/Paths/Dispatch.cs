using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>The one place that chooses how a product, or a thread's part of one, is taken.</summary>
internal static unsafe class Dispatch
{
    /// <summary>
    /// Whether a product is so short that it goes by <see cref="OnePanelProduct"/> at once: to describe it, and to ask the other paths,
    /// would take longer than to compute it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOnePanel<T>(int m, int k, int n, bool transposeA, bool transposeB, T alpha, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => OnePanelProduct.Suits(m, k, n, transposeA, transposeB, alpha, set);

    /// <summary>Chooses a path for a product that has been described.</summary>
    public static ProductPath PathOf<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Bytes != null)
            return ProductPath.Bytes;
        if (PackedProduct.Suits(product, set))
            return ProductPath.Packed;
        if (ShallowProduct.Suits(product, set))
            return ProductPath.Shallow;
        if (MatrixVector.Suits(product, set))
            return ProductPath.MatrixVector;
        if (ColumnProduct.Suits(product, set))
            return ProductPath.Columns;
        return SmallProduct.Suits(product) ? ProductPath.Small : ProductPath.Blocked;
    }

    /// <summary>Takes a product whose result is not empty, on the calling thread.</summary>
    public static void Run<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (PathOf(product, set))
        {
            case ProductPath.MatrixVector:
                MatrixVector.Multiply(product, set);
                break;
            case ProductPath.Shallow:
                ShallowProduct.Multiply(product, set);
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
}
