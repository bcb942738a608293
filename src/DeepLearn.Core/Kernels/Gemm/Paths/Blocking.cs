using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The sizes of the blocks that the loops work in, and which operands they pack.
/// </summary>
internal struct Blocking
{
    /// <summary>The longest block of k.</summary>
    public int Kc;

    /// <summary>The most rows in a block of A.</summary>
    public int Mc;

    /// <summary>The most panels in a block of B: its columns, nc, in panels.</summary>
    public int NcPanels;

    /// <summary>The most vectors, the edge included, in a panel: its columns, nr, in vectors.</summary>
    public int PanelVectors;

    /// <summary>Whether A is packed.</summary>
    public bool PackA;

    /// <summary>Whether B is packed.</summary>
    public bool PackB;

    /// <summary>Whether B has been packed before: <see cref="Product{T}.Panels"/>.</summary>
    public bool HasPanels;

    /// <summary>Which block of rows comes first.</summary>
    public RowOrder RowOrder;

    /// <summary>
    /// Whether the columns left over share a vector, where they can: only where op(A) is packed or its rows stand side by side.
    /// </summary>
    public bool ShareEdge;

    /// <summary>The longest block of k of <see cref="ColumnProduct"/>.</summary>
    public const int KcOfColumns = 256;

    /// <summary>The longest block of k where A is packed for one tile at a time: the panel stays in the nearest cache.</summary>
    private const int KcForOneTile = 1024;

    /// <summary>
    /// How many columns of bytes, which are rows of a transposed A, are packed at once: a cache line of each row of bytes.
    /// </summary>
    private const int ByteColumns = 64;

    /// <summary>Up to which k the traffic of the result outweighs that of the operands.</summary>
    private const int ShortDepth = 16;

    /// <summary>
    /// How much of the result is written in one go where k is short: it stays in the nearest cache until its lines are full.
    /// </summary>
    private const int ResultBlockBytes = 48 * 1024;

    /// <summary>The blocks for a product.</summary>
    public static Blocking For<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = typeof(T) == typeof(float) ? 4 : 8;
        Blocking blocking = default;
        blocking.Kc = KcOf(set);
        blocking.RowOrder = product.DepthA == 1 ? RowOrder.FromStart : RowOrder.FromEnd;

        // A block of A in double has half the rows, so that k can be as long: the shorter k, the more often C is read and written. With
        // vectors of 512 bits comes a second cache of 1 MiB or more, and a block takes two thirds of it, elsewhere a quarter.
        int rowsUnpacked = 192 * 4 / size;
        blocking.Mc = HasWideVectors(set) ? 320 * 4 / size : rowsUnpacked;
        blocking.PanelVectors = set.PanelVectors;
        blocking.NcPanels = Math.Max(1, 3072 * 4 / size / (set.Width * set.PanelVectors));

        // Where columns stand side by side already, packing B only saves cache lines and pages, and many rows must share its cost.
        int rowsToShare = product.Columns * size > 4096 ? 128 : 384;
        blocking.PackB = product.ColumnB != 1 || product.Alpha != T.One
            || (product.Rows >= rowsToShare && (long)product.Depth * product.Columns * size > 32 * 1024);

        // A packed element is used once for each vector of columns. The rows of a transposed A, one for each k, are read in short runs
        // where they are, which costs more the farther apart they are; nearer than a page it is still better than packing.
        // Where k is short, a packed element of A would hardly be read again.
        long bytesA = (long)product.Rows * product.Depth * size;
        bool manyColumns = product.Columns > 12 * set.Width;
        bool isShort = product.Depth <= ShortDepth;
        blocking.PackA = !isShort
            && (product.DepthA == 1 ? manyColumns && bytesA > 256 * 1024 : (long)product.Rows * size > (manyColumns ? 2048 : 4096));
        if (set.CanShareEdge(product.Columns))
        {
            // A transposed A then has rows that stand side by side, and needs no packing.
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
            blocking.PanelVectors = PanelVectorsUnpacked(product.Columns, set, blocking.ShareEdge);
            blocking.Mc = rowsUnpacked;

            // Rows of A that are read where they are come through the first cache together with a narrow panel of B, and both must fit;
            // those of a transposed A through the second.
            if (set.PanelVectors < KernelSet<T>.MaxVectors)
                blocking.Kc = 128 * 4 / size;
            else if (product.DepthA != 1 && bytesA > 256 * 1024)
                blocking.Kc = 160 * 4 / size;
        }

        // Most of the time goes into writing the result then, and a panel of many rows touches a page for each: so few rows at a time,
        // all panels of them before the next rows.
        if (isShort)
        {
            int mc = (int)(ResultBlockBytes / ((long)product.Columns * size));
            blocking.Mc = Math.Clamp(mc / KernelSet<T>.MaxMr * KernelSet<T>.MaxMr, KernelSet<T>.MaxMr, blocking.Mc);
        }
        return blocking;
    }

    /// <summary>
    /// The longest block of k: a panel's panel of B then fills the second cache by a small part, and a block of A by a quarter to two
    /// thirds.
    /// </summary>
    public static int KcOf<T>(KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float) && !HasWideVectors(set) ? 384 : 512;

    /// <summary>The blocks for a product whose right operand has been packed before.</summary>
    public static Blocking ForPacked<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Blocking blocking = For(product, set);
        blocking.PackB = false;
        blocking.HasPanels = true;
        blocking.PanelVectors = PanelVectorsUnpacked(product.Columns, set, shareEdge: true);
        blocking.PackA &= blocking.PanelVectors == set.PanelVectors;
        blocking.ShareEdge = set.CanShareEdge(product.Columns);
        if (blocking.ShareEdge && !blocking.PackA && product.RowA != 1 && product.Rows > 1)
            PackForOneTile(ref blocking);
        blocking.Kc = KcOf(set);
        return blocking;
    }

    /// <summary>The blocks for a product whose A is bytes, and so is always packed.</summary>
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
    /// Rows of A, read where they are, are packed for a tile right before it: the panel is in the nearest cache when the tile reads it.
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
    /// The most vectors in a panel where no panels of A have to fit, and so each panel may have tiles of its own height: one more than
    /// usual where that leaves no panel with a single vector, whose tile would wait for its loads.
    /// </summary>
    public static int PanelVectorsUnpacked<T>(int columns, KernelSet<T> set, bool shareEdge = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int usual = set.PanelVectors;
        if (shareEdge && set.CanShareEdge(columns))
            return usual;
        int vectors = set.VectorsOf(columns);
        if (vectors <= usual || vectors > 4 * usual || vectors % usual != 1 || set.MrFor(usual + 1) == 0)
            return usual;
        bool isWhole = vectors == usual + 1 && (columns & (set.Width - 1)) != 0;
        return isWhole || usual < KernelSet<T>.MaxVectors ? usual + 1 : usual;
    }
}
