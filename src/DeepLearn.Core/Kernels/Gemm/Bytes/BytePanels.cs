using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Bytes;

/// <summary>
/// Packs rows of bytes into panels and converts them to numbers on the way. For each k (a byte of each row), the elements of all rows of a
/// panel are side by side.
/// </summary>
/// <remarks>
/// The rows of a batch are scattered in memory. So while one panel is packed, the rows of the next are prefetched; they arrive while the
/// tiles read the first.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="bytes">The bytes, not transposed.</param>
/// <param name="first">The source row that is the first row of op(A).</param>
internal readonly unsafe struct BytePanels<T>(ByteOperand<T> bytes, int first) : IPanelsOfA<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public bool SideBySide => false;

    /// <inheritdoc/>
    public void Pack(int firstRow, Division tiles, int firstDepth, int depth, T* to)
    {
        int* starts = bytes.Starts + first;
        int known = bytes.Known - first;
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            int height = tiles.Size(tile);
            var group = new BytePacking.Group { Height = height };
            byte* source = bytes.Source + firstDepth;
            for (int i = 0; i < BytePacking.Group.Size; i++)
            {
                group.Rows[i] = (nint)(source + starts[firstRow + Math.Min(i, height - 1)]);

                // After the last rows the first ones come again, with the next block of k.
                int next = firstRow + height + i;
                group.Ahead[i] = (nint)(next < known ? source + starts[next] : source + depth + starts[next % known]);
            }
            BytePacking.Pack(group, bytes.Scale + firstDepth, bytes.Offset + firstDepth, depth, to);
            firstRow += height;
            to += (nint)height * depth;
        }
    }
}
