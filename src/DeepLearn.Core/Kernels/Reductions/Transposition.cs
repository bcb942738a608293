using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Rows to columns.</summary>
internal static partial class Transposition
{
    private const int CacheLine = 64;
    private const int HalfPage = 2048;

    // What is read along its rows, or turned in a buffer, while it is written along its columns: in bytes of a column, and in columns.
    private const int BlockBytes = 512;
    private const int BlockColumns = 64;

    /// <summary>destination[j, i] = source[i, j].</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="destination">The transpose, <c>[columns, rows]</c>; it shares no memory with the source.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the memory overlaps. Nothing has been written then.</exception>
    public static void Transpose<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        if (source.Rows != destination.Columns || source.Columns != destination.Rows)
        {
            throw new ArgumentException(
                $"The transpose of {source.ToString()} is [{source.Columns}, {source.Rows}]; found {destination.ToString()}.");
        }
        if (source.IsEmpty)
            return;
        MatrixGuard.CheckApart(source, destination);
        Run(source, destination);
    }

    private static unsafe void Run<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Pinned, since stores past the caches need their alignment.
        fixed (T* from = &source.Origin)
        fixed (T* to = &destination.Origin)
        {
            int width = Math.Min(
                LaneWidth.CurrentForShort, Avx512F.IsSupported ? 512 : Avx.IsSupported ? 256 : Interleave.IsSupported ? 128 : 1);
            bool wholeLines = (nint)to % CacheLine == 0 && destination.Stride * sizeof(T) % CacheLine == 0;
            if (width >= 256 && wholeLines && (nint)source.Rows * source.Columns * sizeof(T) >= StreamingStore.Threshold)
                Stream(from, source.Stride, source.Rows, source.Columns, to, destination.Stride, width);
            else if (destination.Stride * sizeof(T) % HalfPage == 0 && source.Columns * sizeof(T) >= CacheLine)
                BufferedBlocks(from, source.Stride, source.Rows, source.Columns, to, destination.Stride, width);
            else
                Blocks(from, source.Stride, source.Rows, source.Columns, to, destination.Stride, width);
        }
    }

    /// <summary>Block by block, through the caches.</summary>
    private static unsafe void Blocks<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int blockRows = BlockBytes / sizeof(T), line = CacheLine / sizeof(T);
        for (int nextRow = 0; nextRow < rows; nextRow += blockRows)
        {
            // What is left at the end starts early enough to be a line across.
            int row = Math.Min(nextRow, Math.Max(0, rows - line));
            int height = Math.Min(blockRows, rows - row);
            for (int nextColumn = 0; nextColumn < columns; nextColumn += BlockColumns)
            {
                int column = Math.Min(nextColumn, Math.Max(0, columns - line));
                T* turned = to + (column * toStride) + row;
                TransposeBlock(
                    from + (row * fromStride) + column, fromStride, height, Math.Min(BlockColumns, columns - column), turned, toStride,
                    width);
            }
        }
    }

    /// <summary>The same where the destination's rows are a multiple of half a page apart: each block by way of a buffer.</summary>
    /// <remarks>
    /// A tile's lines would compete for the few places of the first-level cache that such addresses have; a row of the buffer is several
    /// lines, one after the other.
    /// </remarks>
    [SkipLocalsInit]
    private static unsafe void BufferedBlocks<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Pitch = BlockBytes + CacheLine;
        byte* space = stackalloc byte[(BlockColumns * Pitch) + CacheLine];
        T* buffer = (T*)(((nint)space + CacheLine - 1) & -CacheLine);
        int blockRows = BlockBytes / sizeof(T), pitch = Pitch / sizeof(T);
        for (int row = 0; row < rows; row += blockRows)
        {
            int height = Math.Min(blockRows, rows - row);
            for (int column = 0; column < columns; column += BlockColumns)
            {
                int across = Math.Min(BlockColumns, columns - column);
                TransposeBlock(from + (row * fromStride) + column, fromStride, height, across, buffer, pitch, width);
                T* turned = to + (column * toStride) + row;
                for (int k = 0; k < across; k++)
                    new ReadOnlySpan<T>(buffer + (k * pitch), height).CopyTo(new(turned + (k * toStride), height));
            }
        }
    }

    /// <summary>
    /// Column by column of cache lines, down all rows: each line is read once, and each of the destination's written once.
    /// </summary>
    private static unsafe void Stream<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The lines beside those being read arrive with them, and wait in the second-level cache until they are asked for. Where rows are
        // a multiple of a page apart, they all compete for a few places there; so there are fewer rows at a time, and lines farther beside
        // are asked for.
        bool crowded = fromStride * sizeof(T) % 4096 == 0;
        int blockRows = crowded ? 256 : rows;
        int strip = CacheLine / sizeof(T);
        for (int row = 0; row < rows; row += blockRows)
        {
            int count = Math.Min(blockRows, rows - row);
            for (int column = 0; column < columns; column += strip)
            {
                T* first = from + (row * fromStride) + column;
                T* turned = to + (column * toStride) + row;
                StreamStrip(first, fromStride, count, Math.Min(strip, columns - column), turned, toStride, width, crowded);
            }
        }
        StreamingStore.Fence();
    }
}
