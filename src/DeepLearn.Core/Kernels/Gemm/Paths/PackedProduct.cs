using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products whose right operand was packed before, by its owner: <see cref="BlockedProduct"/> over panels that are there.
/// </summary>
internal static class PackedProduct
{
    /// <summary>How the columns of a packed operand are divided.</summary>
    public static ColumnPanels<T> PanelsOf<T>(int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(columns, set, Blocking.PanelVectorsUnpacked(columns, set, shareEdge: true), shareEdge: true);

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ColumnPanels<T> panels = PanelsOf(product.Columns, set);
        BlockedProduct.Multiply(product, set, Blocking.ForPacked(product, set), panels, 0, panels.Count);
    }

    /// <summary>Computes some panels of a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set, int fromPanel, int toPanel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BlockedProduct.Multiply(product, set, Blocking.ForPacked(product, set), PanelsOf(product.Columns, set), fromPanel, toPanel);
}
