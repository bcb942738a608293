using System.Numerics;

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

    /// <summary>The blocks for a product.</summary>
    public static Blocking For<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = typeof(T) == typeof(float) ? 4 : 8;
        Blocking blocking = default;
        blocking.Depth = DepthOf<T>();

        // A block of A in double has half the rows, so that k can be as long: the shorter k, the more often C is read and written
        // (192 k and 192 rows reached 0.90 of OpenBLAS at 1,024 and 2,048, these 0.97).
        blocking.Rows = size == 4 ? 192 : 96;
        blocking.StripUnits = set.StripUnits;
        blocking.Strips = Math.Max(1, 2048 * 4 / size / (set.Width * set.StripUnits));

        // Where columns stand side by side already, packing B only saves cache lines and pages, and many rows must share its cost.
        int rowsToShare = product.Columns * size > 4096 ? 128 : 384;
        blocking.PackB = product.ColumnB != 1 || product.Alpha != T.One
            || (product.Rows >= rowsToShare && (long)product.Depth * product.Columns * size > 32 * 1024);

        // A packed element is used once for each vector of columns. A transposed A is the worse for it, its rows being far apart.
        long bytesA = (long)product.Rows * product.Depth * size;
        blocking.PackA = product.DepthA == 1
            ? product.Columns > 12 * set.Width && bytesA > 256 * 1024
            : product.Rows * size > 2048;
        if (!blocking.PackA)
        {
            blocking.StripUnits = StripUnitsUnpacked(product.Columns, set);

            // Rows of A that are read where they are come through the first cache together with a narrow strip of B, and both must fit.
            if (set.StripUnits < KernelSet<T>.MaxVectors)
                blocking.Depth = 128 * 4 / size;
        }
        blocking.PackA &= blocking.StripUnits == set.StripUnits;
        return blocking;
    }

    /// <summary>
    /// The longest block of k: a strip's panel of B then fills the second cache by a small part, and a block of A by about a quarter.
    /// </summary>
    public static int DepthOf<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? 384 : 512;

    /// <summary>The blocks for a product whose right operand has been packed before.</summary>
    public static Blocking ForPacked<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Blocking blocking = For(product, set);
        blocking.PackB = false;
        blocking.Depth = DepthOf<T>();
        blocking.StripUnits = StripUnitsUnpacked(product.Columns, set);
        blocking.PackA &= blocking.StripUnits == set.StripUnits;
        return blocking;
    }

    /// <summary>
    /// The most vectors in a strip where no panels of A have to fit, and so each strip may have tiles of its own height: one more than
    /// usual where that leaves no strip with a single vector, whose tile would wait for its loads.
    /// </summary>
    public static int StripUnitsUnpacked<T>(int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int usual = set.StripUnits;
        int units = set.UnitsOf(columns);
        if (units % usual != 1 || units == 1 || units > 4 * usual || set.RowsFor(usual + 1) == 0)
            return usual;
        bool isWhole = units == usual + 1 && (columns & (set.Width - 1)) != 0;
        return isWhole || usual < KernelSet<T>.MaxVectors ? usual + 1 : usual;
    }
}
