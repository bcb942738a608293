using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The sizes of the blocks that the loops work in, and which operands they pack.
/// </summary>
internal struct Blocking
{
    /// <summary>The longest block of k.</summary>
    public int Depth;

    /// <summary>The most rows in a block of A.</summary>
    public int Rows;

    /// <summary>The most strips in a block of B.</summary>
    public int Strips;

    /// <summary>The most vectors, the edge included, in a strip.</summary>
    public int StripUnits;

    /// <summary>Whether A is packed.</summary>
    public bool PackA;

    /// <summary>Whether B is packed.</summary>
    public bool PackB;

    /// <summary>
    /// Whether the columns left over share a vector, where they can: only where op(A) is packed or its rows stand side by side.
    /// </summary>
    public bool ShareEdge;

    /// <summary>The longest block of k where A is packed for one tile at a time: the panel stays in the nearest cache.</summary>
    private const int TileDepth = 1024;

    /// <summary>How many columns of bytes, which are rows of a transposed A, are packed at once: a cache line of each row of bytes.</summary>
    private const int ByteColumns = 64;

    /// <summary>Up to which k the traffic of the result outweighs that of the operands.</summary>
    private const int ShortDepth = 16;

    /// <summary>How much of the result is written in one go where k is short: it stays in the nearest cache until its lines are full.</summary>
    private const int ResultBlockBytes = 48 * 1024;

    /// <summary>The blocks for a product.</summary>
    public static Blocking For<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = typeof(T) == typeof(float) ? 4 : 8;
        Blocking blocking = default;
        blocking.Depth = DepthOf(set);

        // A block of A in double has half the rows, so that k can be as long: the shorter k, the more often C is read and written. With
        // vectors of 512 bits comes a second cache of 1 MiB or more, and a block takes two thirds of it, elsewhere a quarter.
        int rowsUnpacked = 192 * 4 / size;
        blocking.Rows = HasWideVectors(set) ? 320 * 4 / size : rowsUnpacked;
        blocking.StripUnits = set.StripUnits;
        blocking.Strips = Math.Max(1, 3072 * 4 / size / (set.Width * set.StripUnits));

        // Where columns stand side by side already, packing B only saves cache lines and pages, and many rows must share its cost.
        int rowsToShare = product.Columns * size > 4096 ? 128 : 384;
        blocking.PackB = product.ColumnB != 1 || product.Alpha != T.One
            || (product.Rows >= rowsToShare && (long)product.Depth * product.Columns * size > 32 * 1024);

        // A packed element is used once for each vector of columns. The rows of a transposed A, one for each k, are read in short pieces
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
            if (!blocking.ShareEdge && !isShort && product.Rows >= KernelSet<T>.MaxRows && product.Columns < 4 * set.Width)
            {
                PackForOneTile(ref blocking);
                return blocking;
            }
        }
        if (!blocking.PackA)
        {
            blocking.StripUnits = StripUnitsUnpacked(product.Columns, set, blocking.ShareEdge);
            blocking.Rows = rowsUnpacked;

            // Rows of A that are read where they are come through the first cache together with a narrow strip of B, and both must fit;
            // those of a transposed A through the second.
            if (set.StripUnits < KernelSet<T>.MaxVectors)
                blocking.Depth = 128 * 4 / size;
            else if (product.DepthA != 1 && bytesA > 256 * 1024)
                blocking.Depth = 160 * 4 / size;
        }

        // Most of the time goes into writing the result then, and a strip of many rows touches a page for each: so few rows at a time,
        // all strips of them before the next rows.
        if (isShort)
        {
            int rows = (int)(ResultBlockBytes / ((long)product.Columns * size));
            blocking.Rows = Math.Clamp(rows / KernelSet<T>.MaxRows * KernelSet<T>.MaxRows, KernelSet<T>.MaxRows, blocking.Rows);
        }
        return blocking;
    }

    /// <summary>
    /// The longest block of k: a strip's panel of B then fills the second cache by a small part, and a block of A by a quarter to two thirds.
    /// </summary>
    public static int DepthOf<T>(KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float) && !HasWideVectors(set) ? 384 : 512;

    /// <summary>The blocks for a product whose right operand has been packed before.</summary>
    public static Blocking ForPacked<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Blocking blocking = For(product, set);
        blocking.PackB = false;
        blocking.StripUnits = StripUnitsUnpacked(product.Columns, set, shareEdge: true);
        blocking.PackA &= blocking.StripUnits == set.StripUnits;
        blocking.ShareEdge = set.CanShareEdge(product.Columns);
        if (blocking.ShareEdge && !blocking.PackA && product.RowA != 1 && product.Rows > 1)
            PackForOneTile(ref blocking);
        blocking.Depth = DepthOf(set);
        return blocking;
    }

    /// <summary>The blocks for a product whose A is bytes, and so is always packed.</summary>
    public static Blocking ForBytes<T>(in Product<T> product, KernelSet<T> set, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Blocking blocking = For(product, set);
        bool packs = blocking.PackA;
        blocking.PackA = true;
        blocking.StripUnits = set.StripUnits;
        blocking.ShareEdge = set.CanShareEdge(product.Columns);
        if (transposed)
        {
            blocking.Rows = ByteColumns;
            blocking.Depth = Math.Min(blocking.Depth, TileDepth / 4);
        }
        else if (!packs)
        {
            PackForOneTile(ref blocking);
            blocking.Rows = set.RowsFor(set.StripUnits);
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
        blocking.Rows = KernelSet<double>.MaxRows;
        blocking.Depth = TileDepth;
    }

    private static bool HasWideVectors<T>(KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => set.Width * Unsafe.SizeOf<T>() == 64;

    /// <summary>
    /// The most vectors in a strip where no panels of A have to fit, and so each strip may have tiles of its own height: one more than
    /// usual where that leaves no strip with a single vector, whose tile would wait for its loads.
    /// </summary>
    public static int StripUnitsUnpacked<T>(int columns, KernelSet<T> set, bool shareEdge = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int usual = set.StripUnits;
        if (shareEdge && set.CanShareEdge(columns))
            return usual;
        int units = set.UnitsOf(columns);
        if (units <= usual || units > 4 * usual || units % usual != 1 || set.RowsFor(usual + 1) == 0)
            return usual;
        bool isWhole = units == usual + 1 && (columns & (set.Width - 1)) != 0;
        return isWhole || usual < KernelSet<T>.MaxVectors ? usual + 1 : usual;
    }
}
