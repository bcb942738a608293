using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

// Few rows by a B that is stored by columns, as a small batch by the transpose of a layer's weights: each packed panel has one use.
internal partial struct Blocking
{
    /// <summary>The most rows for which a panel of B is used once, by one block of rows.</summary>
    private const int RowsOfOneUse = 192;

    /// <summary>The size of a packed panel that is still in the L1 cache when its tiles read it.</summary>
    private const int NearPanelBytes = 24 * 1024;

    /// <summary>
    /// Rows that are always few enough, and rows for each vector of columns that are. With more of them, and a B that a near cache holds,
    /// one thread gains 2 % and two threads lose.
    /// </summary>
    private const int FewRowsOfOneUse = 24, RowsPerVector = 2;

    /// <summary>
    /// Whether B must be packed, since it is stored by columns, for rows so few that it pays to use each of its packed panels once.
    /// </summary>
    private static unsafe bool UsesPanelsOnce<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.ColumnB != 1 && product.DepthA == 1 && product.Rows <= RowsOfOneUse && product.Bytes == null
        && (product.Rows <= FewRowsOfOneUse || product.Rows < RowsPerVector * set.VectorsOf(product.Columns)
            || (long)product.Depth * product.Columns * sizeof(T) > StreamedBytes);

    /// <summary>
    /// Packs a panel, or as many short ones as take the same room, right before its tiles. A block of all columns would pass through a far
    /// cache, there and back. While one panel is packed from memory, the next one is asked for.
    /// </summary>
    private static void PackPanelByPanel<T>(ref Blocking blocking, in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = typeof(T) == typeof(float) ? 4 : 8;
        int panelBytes = Math.Min(blocking.PanelVectors, set.VectorsOf(product.Columns)) * set.Width * size;
        blocking.Kc = Math.Min(blocking.Kc, NearPanelBytes / panelBytes);
        int depth = Math.Clamp(product.Depth, 1, blocking.Kc);
        blocking.NcPanels = Math.Max(1, NearPanelBytes / (panelBytes * depth));
        blocking.AskForB = (long)product.Depth * product.Columns * size > StreamedBytes;
    }
}
