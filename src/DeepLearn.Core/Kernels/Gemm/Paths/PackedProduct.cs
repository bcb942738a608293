using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Products whose right operand has been packed by its owner: <see cref="BlockedProduct"/> with the existing panels.</summary>
internal static unsafe class PackedProduct
{
    /// <summary>The columns of a packed operand, divided into panels.</summary>
    public static ColumnPanels<T> PanelsOf<T>(int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(columns, set, Blocking.PanelVectorsUnpacked(int.MaxValue, columns, set, shareEdge: true), shareEdge: true);

    /// <summary>Whether a product is one of these. A single panel is computed as an ordinary matrix.</summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Panels != null && HasSeveralPanels(product.Columns, set);

    // Apart, since the memory of the panels would be cleared for every product.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasSeveralPanels<T>(int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PanelsOf(columns, set).Count > 1;

    /// <summary>
    /// Computes a product's panels from <see cref="Product{T}.FirstPanel"/> to <see cref="Product{T}.EndPanel"/> on the calling thread.
    /// </summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ColumnPanels<T> panels = PanelsOf(product.Columns, set);
        int endPanel = Math.Min(product.EndPanel, panels.Count);
        BlockedProduct.Multiply(product, set, Blocking.ForPacked(product, set), panels, product.FirstPanel, endPanel);
    }
}
