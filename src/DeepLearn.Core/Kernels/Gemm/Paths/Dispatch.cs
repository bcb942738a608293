using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>The one place that chooses how a product, or a thread's part of one, is taken.</summary>
internal static unsafe class Dispatch
{
    /// <summary>Chooses a path.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ProductPath PathOf<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OnePanelProduct.Suits(product, set) ? ProductPath.OnePanel : PathOfLarger(product, set);

    /// <summary>Takes a product whose result is not empty, on the calling thread.</summary>
    public static void Run<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(PathOf(product, set), product, set);

    /// <summary>Takes a product by a path that was chosen for it, on the calling thread.</summary>
    public static void Run<T>(ProductPath path, in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (path)
        {
            case ProductPath.OnePanel:
                OnePanelProduct.Multiply(product, set);
                break;
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

    private static ProductPath PathOfLarger<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Panels != null)
            return ProductPath.Packed;
        if (product.Bytes != null)
            return ProductPath.Bytes;
        if (ShallowProduct.Suits(product, set))
            return ProductPath.Shallow;
        if (MatrixVector.Suits(product, set))
            return ProductPath.MatrixVector;
        if (ColumnProduct.Suits(product, set))
            return ProductPath.Columns;
        return SmallProduct.Suits(product) ? ProductPath.Small : ProductPath.Blocked;
    }
}
