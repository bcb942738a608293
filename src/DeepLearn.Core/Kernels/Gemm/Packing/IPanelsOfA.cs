using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>The source of op(A) for the loops: it packs a block into the layout that the micro-kernels read.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface IPanelsOfA<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// True if all rows of a block are side by side for each k; false if the block is packed in panels as high as a tile, one after the
    /// other.
    /// </summary>
    bool SideBySide { get; }

    /// <summary>Packs a block.</summary>
    /// <param name="firstRow">The first row of the block.</param>
    /// <param name="tiles">The rows of the block, divided into tiles; each tile has a panel.</param>
    /// <param name="firstDepth">The first k of the block.</param>
    /// <param name="depth">The number of k.</param>
    /// <param name="to">
    /// Receives the block, without gaps; up to <see cref="PanelPacking.Slack"/> elements after it may be overwritten.
    /// </param>
    void Pack(int firstRow, Division tiles, int firstDepth, int depth, T* to);
}
