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
        blocking.Depth = 1536 / size;
        blocking.Rows = 192;
        blocking.StripUnits = set.StripUnits;
        blocking.Strips = Math.Max(1, 2048 * 4 / size / (set.Width * set.StripUnits));

        bool mustPackB = product.ColumnB != 1 || product.Alpha != T.One;
        blocking.PackB = mustPackB || (product.Rows >= 48 && (long)product.Depth * product.Columns * size > 16 * 1024);
        blocking.PackA = product.Columns > 2 * set.Width * set.StripUnits
            ? (long)product.Rows * product.Depth * size > 256 * 1024
            : product.DepthA != 1 && product.Rows * size > 2048;

        int units = (product.Columns + set.Width - 1) / set.Width;
        if (!blocking.PackA && units == set.StripUnits + 1 && product.Columns % set.Width != 0 && set.RowsFor(units) > 0)
            blocking.StripUnits = units;
        return blocking;
    }
}
