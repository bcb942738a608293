using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>Where the loops get op(A) from where they pack it: how a block of it becomes what the micro-kernels read.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface IPanelsOfA<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Whether the rows of a block stand side by side for each k, all of them, and not in panels, each as high as a tile, one after the
    /// other.
    /// </summary>
    bool SideBySide { get; }

    /// <summary>Packs a block.</summary>
    /// <param name="firstRow">The first row of the block.</param>
    /// <param name="tiles">The rows of the block divided into tiles, of which each has a panel.</param>
    /// <param name="firstDepth">The first k of the block.</param>
    /// <param name="depth">How many k.</param>
    /// <param name="to">The block, without gaps; up to <see cref="PanelPacking.Slack"/> elements behind it may be overwritten.</param>
    void Pack(int firstRow, Division tiles, int firstDepth, int depth, T* to);
}
