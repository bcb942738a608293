using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>The block sizes of the loops, and which operands they pack.</summary>
internal partial struct Blocking
{
    /// <summary>The longest block of k.</summary>
    public int Kc;

    /// <summary>The most rows in a block of A.</summary>
    public int Mc;

    /// <summary>The most panels in a block of B (nc, counted in panels).</summary>
    public int NcPanels;

    /// <summary>The most vectors in a panel, including the edge (nr, counted in vectors).</summary>
    public int PanelVectors;

    /// <summary>Whether A is packed.</summary>
    public bool PackA;

    /// <summary>Whether B is packed.</summary>
    public bool PackB;

    /// <summary>Whether B has been packed before, in <see cref="Product{T}.Panels"/>.</summary>
    public bool HasPanels;

    /// <summary>Whether packing a panel of B asks for the memory that is packed next.</summary>
    public bool AskForB;

    /// <summary>The order in which blocks of rows are processed.</summary>
    public RowOrder RowOrder;

    /// <summary>
    /// Whether the rows share a vector for the columns left over, where that is possible. It needs an op(A) that is packed or whose rows
    /// are side by side.
    /// </summary>
    public bool ShareEdge;

    /// <summary>
    /// Whether the tiles of one height lie side by side, where that takes fewer calls, and all panels are computed before the next tile.
    /// </summary>
    public bool Across;

    /// <summary>
    /// The longest block of k (kc) of packed operands. A packed panel of B then takes a small part of the L2 cache, and a block of A a
    /// quarter to two thirds of it. A shorter one would read and write the result more often.
    /// </summary>
    public const int PackedKc = 512;

    /// <summary>The longest block of k of <see cref="ColumnProduct"/>.</summary>
    public const int KcOfColumns = 256;

    /// <summary>The longest block of k where A is packed for one tile at a time; the panel stays in the L1 cache.</summary>
    private const int KcForOneTile = 1024;

    /// <summary>
    /// The number of columns of bytes, which are rows of a transposed A, that are packed at once: a cache line of each row of bytes.
    /// </summary>
    private const int ByteColumns = 64;

    /// <summary>The largest k for which the memory traffic of the result outweighs that of the operands.</summary>
    private const int ShortDepth = 16;

    /// <summary>
    /// The most rows for which reading B takes most of the time; the size of a page, and of a B that comes from a far cache or memory.
    /// </summary>
    private const int FewRows = 24, PageBytes = 4096, StreamedBytes = 2 << 20;

    /// <summary>
    /// The size of the part of the result that is written at a time if k is short. It stays in the L1 cache until its cache lines are full.
    /// </summary>
    private const int ResultBlockBytes = 48 * 1024;

    /// <summary>The size from which on a result does not stay in the L2 cache, beside the operands.</summary>
    private const long FarResultBytes = 256 * 1024;

    /// <summary>Chooses the blocks for a product.</summary>
    public static Blocking For<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = typeof(T) == typeof(float) ? 4 : 8;
        Blocking blocking = default;
        blocking.Kc = PackedKc;
        blocking.RowOrder = product.DepthA == 1 ? RowOrder.FromStart : RowOrder.FromEnd;

        // In double, a block of A has half the rows and the same kc, since a shorter kc would read and write C more often. Cores with
        // 512-bit vectors have an L2 cache of 1 MiB or more; there a block takes two thirds of it, elsewhere a quarter.
        int rowsUnpacked = 192 * 4 / size;
        blocking.Mc = HasWideVectors(set) ? 320 * 4 / size : rowsUnpacked;
        blocking.PanelVectors = set.PanelVectors;
        blocking.NcPanels = Math.Max(1, 3072 * 4 / size / (set.Width * set.PanelVectors));

        // If the rows of B are contiguous, packing only saves cache lines and pages, and many rows must share its cost.
        int rowsToShare = product.Columns * size > 4096 ? 128 : 384;
        blocking.PackB = product.ColumnB != 1 || product.Alpha != T.One
            || (product.Rows >= rowsToShare && (long)product.Depth * product.Columns * size > 32 * 1024);

        // A packed element of A is used once for each vector of columns, so packing pays for many columns. A transposed A is stored one k a
        // row, and the tiles read short parts of these rows. That is slower the farther apart the rows are, but for distances below a page
        // it is still better than packing. If k is short, or a packed panel of B is used once, a packed element of A would hardly be used.
        long bytesA = (long)product.Rows * product.Depth * size;
        bool manyColumns = product.Columns > 12 * set.Width;
        bool isShort = blocking.Across = product.Depth <= ShortDepth, usedOnce = UsesPanelsOnce(product, set);
        blocking.PackA = !isShort
            && (product.DepthA == 1 ? manyColumns && bytesA > 256 * 1024 && !usedOnce
                : (long)product.Rows * size > (manyColumns ? 2048 : 4096));
        if (set.CanShareEdge(product.Columns))
        {
            // In a transposed A, the rows of op(A) are side by side already, so it needs no packing.
            blocking.PackA &= product.RowA != 1 || manyColumns;
            blocking.ShareEdge = blocking.PackA || product.RowA == 1;
            if (!blocking.ShareEdge && !isShort && product.Rows >= KernelSet<T>.MaxMr && product.Columns < 4 * set.Width)
            {
                PackForOneTile(ref blocking);
                return blocking;
            }
        }
        if (!blocking.PackA)
        {
            blocking.PanelVectors = PanelVectorsUnpacked(product.Rows, product.Columns, set, blocking.ShareEdge);
            blocking.Mc = rowsUnpacked;

            // Rows of A that are not packed pass through the L1 cache together with a narrow panel of B, and both must fit; those of a
            // transposed A pass through the L2 cache.
            if (set.PanelVectors < KernelSet<T>.MaxVectors)
                blocking.Kc = 128 * 4 / size;
            else if (product.DepthA != 1 && bytesA > 256 * 1024)
                blocking.Kc = 160 * 4 / size;
        }

        if (usedOnce && !isShort && !blocking.PackA && product.Rows <= blocking.Mc)
            PackPanelByPanel(ref blocking, product, set);

        // With few rows, most of the time goes into reading a large B. A few of its rows at a time are read from left to right, as many as
        // the processor fetches ahead; with more, it would wait for each line. The result, in a near cache, is read and written more often.
        // It pays where each row of B is on pages of its own.
        if (product.Rows <= FewRows && !blocking.PackA && !blocking.PackB && !isShort && product.Columns * size >= PageBytes
            && (long)product.Depth * product.Columns * size > StreamedBytes)
        {
            blocking.Kc = ShortDepth;
            blocking.Across = true;
        }

        // If k is short, most of the time goes into writing the result, and each row of a panel is on another page. So a block has few
        // rows, and all its panels are computed before the next rows.
        if (isShort)
        {
            int mc = (int)(ResultBlockBytes / ((long)product.Columns * size));
            blocking.Mc = Math.Clamp(mc / KernelSet<T>.MaxMr * KernelSet<T>.MaxMr, KernelSet<T>.MaxMr, blocking.Mc);
        }
        return blocking;
    }

    /// <summary>
    /// Whether tiles should ask for the result before they need it: it is larger than the near caches, and k is long enough to fetch it
    /// meanwhile, but not so long that waiting for it would not be felt.
    /// </summary>
    /// <param name="product">The product.</param>
    /// <param name="depth">The length of a block of k.</param>
    public static bool IsResultFar<T>(in Product<T> product, int depth)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        depth is > ShortDepth and <= 128 && product.Rows * (long)product.Columns * Unsafe.SizeOf<T>() > FarResultBytes;

    /// <summary>Chooses the blocks for a product whose right operand has been packed before.</summary>
    public static Blocking ForPacked<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Blocking blocking = For(product, set);
        blocking.PackB = false;
        blocking.HasPanels = true;
        blocking.PanelVectors = PanelVectorsUnpacked(int.MaxValue, product.Columns, set, shareEdge: true);
        blocking.PackA &= blocking.PanelVectors == set.PanelVectors;
        blocking.ShareEdge = set.CanShareEdge(product.Columns);
        if (blocking.ShareEdge && !blocking.PackA && product.RowA != 1 && product.Rows > 1)
            PackForOneTile(ref blocking);
        blocking.Kc = PackedKc;
        return blocking;
    }

    /// <summary>Chooses the blocks for a product whose A is bytes, which are always packed.</summary>
    public static Blocking ForBytes<T>(in Product<T> product, KernelSet<T> set, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Blocking blocking = For(product, set);
        bool packs = blocking.PackA;
        blocking.PackA = true;
        blocking.PanelVectors = set.PanelVectors;
        blocking.ShareEdge = set.CanShareEdge(product.Columns);
        if (transposed)
        {
            blocking.Mc = ByteColumns;
            blocking.Kc = Math.Min(blocking.Kc, KcForOneTile / 4);
        }
        else if (!packs)
        {
            PackForOneTile(ref blocking);
            blocking.Mc = set.MrFor(set.PanelVectors);
        }
        return blocking;
    }

    /// <summary>
    /// Packs the rows of A for one tile at a time, right before it; the panel is still in the L1 cache when the tile reads it.
    /// </summary>
    private static void PackForOneTile(ref Blocking blocking)
    {
        blocking.ShareEdge = true;
        blocking.PackA = true;
        blocking.Mc = KernelSet<double>.MaxMr;
        blocking.Kc = KcForOneTile;
    }

    private static bool HasWideVectors<T>(KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => set.Width * Unsafe.SizeOf<T>() == 64;

    /// <summary>
    /// The most vectors in a panel if A is not packed, so that each panel may have tiles of its own height. It is one more than usual where
    /// that avoids a panel with a single vector, whose tiles would wait for their loads, and several more for one or two rows.
    /// </summary>
    public static int PanelVectorsUnpacked<T>(int rows, int columns, KernelSet<T> set, bool shareEdge = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int usual = set.PanelVectors;
        if (shareEdge && set.CanShareEdge(columns))
            return usual;
        if (rows <= KernelSet<T>.WideRows)
            return set.WidePanelVectors(rows);
        int vectors = set.VectorsOf(columns);
        if (vectors <= usual || vectors > 4 * usual || vectors % usual != 1 || set.MrFor(usual + 1) == 0)
            return usual;
        bool isWhole = vectors == usual + 1 && (columns & (set.Width - 1)) != 0;
        return isWhole || usual < KernelSet<T>.MaxVectors ? usual + 1 : usual;
    }
}
