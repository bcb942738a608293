using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products whose right operand was packed before, by its owner: <see cref="BlockedProduct"/> over panels that are there.
/// </summary>
internal static unsafe class PackedProduct
{
    /// <summary>How the columns of a packed operand are divided.</summary>
    public static ColumnPanels<T> PanelsOf<T>(int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(columns, set, Blocking.PanelVectorsUnpacked(columns, set, shareEdge: true), shareEdge: true);

    /// <summary>Whether a product is one of these: one panel alone is a matrix like any other.</summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Panels != null && PanelsOf(product.Columns, set).Count > 1;

    /// <summary>Computes a product, or those of its panels that are asked for, on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ColumnPanels<T> panels = PanelsOf(product.Columns, set);
        int endPanel = Math.Min(product.EndPanel, panels.Count);
        BlockedProduct.Multiply(product, set, Blocking.ForPacked(product, set), panels, product.FirstPanel, endPanel);
    }
}
