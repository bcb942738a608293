using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Bytes;

/// <summary>
/// Packs the transpose of rows of bytes, which are converted to numbers on the way. Each row is a k; some of its bytes are copied side by
/// side, in their order.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="bytes">The bytes, transposed.</param>
/// <param name="first">The byte of each source row that belongs to the first row of op(A).</param>
internal readonly unsafe struct ByteColumns<T>(ByteOperand<T> bytes, int first) : IPanelsOfA<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public bool SideBySide => true;

    /// <inheritdoc/>
    public void Pack(int firstRow, Division tiles, int firstDepth, int depth, T* to)
    {
        int rows = tiles.First(tiles.Count);
        int column = first + firstRow;
        BytePacking.Columns(bytes.Source + column, bytes.Starts + firstDepth, depth, bytes.Scale + column, bytes.Offset + column, rows, to);
    }
}
