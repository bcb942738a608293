using System.Numerics;
using DeepLearn.Kernels.Gemm.Bytes;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products whose A is rows of bytes. The bytes are converted while they are packed, in the L1 cache; a matrix of numbers is never written.
/// Everything else is <see cref="BlockedProduct"/>.
/// </summary>
internal static unsafe class ByteProduct
{
    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool transposed = product.Bytes->Transposed;
        Blocking blocking = Blocking.ForBytes(product, set, transposed);
        var panels = new ColumnPanels<T>(product.Columns, set, blocking.PanelVectors, blocking.ShareEdge);
        if (transposed)
            BlockedProduct.Multiply(product, new ByteColumns<T>(*product.Bytes, product.FirstRow), set, blocking, panels, 0, panels.Count);
        else
            BlockedProduct.Multiply(product, new BytePanels<T>(*product.Bytes, product.FirstRow), set, blocking, panels, 0, panels.Count);
    }
}
