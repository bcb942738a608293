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
        blocking.Rows = 192;
        blocking.StripUnits = set.StripUnits;
        blocking.Strips = Math.Max(1, 2048 * 4 / size / (set.Width * set.StripUnits));

        // Where columns stand side by side already, packing B only saves cache lines and pages, and many rows must share its cost.
        int rowsToShare = product.Columns * size > 4096 ? 128 : 384;
        blocking.PackB = product.ColumnB != 1 || product.Alpha != T.One
            || (product.Rows >= rowsToShare && (long)product.Depth * product.Columns * size > 32 * 1024);
        blocking.PackA = product.Columns > 2 * set.Width * set.StripUnits
            ? (long)product.Rows * product.Depth * size > 256 * 1024
            : product.DepthA != 1 && product.Rows * size > 2048;

        if (!blocking.PackA)
            blocking.StripUnits = StripUnitsUnpacked(product.Columns, set);
        return blocking;
    }

    /// <summary>The longest block of k: a strip's panel of B then fills the second cache by a small part, and a block of A by about a quarter.</summary>
    public static int DepthOf<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? 384 : 192;

    /// <summary>The blocks for a product whose right operand has been packed before.</summary>
    public static Blocking ForPacked<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Blocking blocking = For(product, set);
        blocking.PackB = false;
        blocking.StripUnits = StripUnitsUnpacked(product.Columns, set);
        return blocking;
    }

    /// <summary>
    /// The most vectors in a strip where no panels of A have to fit: one more than usual, if the columns are then one strip whose last vector is an edge.
    /// </summary>
    public static int StripUnitsUnpacked<T>(int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int units = set.UnitsOf(columns);
        return units == set.StripUnits + 1 && set.RowsFor(units) > 0 && (columns & (set.Width - 1)) != 0 ? units : set.StripUnits;
    }
}
