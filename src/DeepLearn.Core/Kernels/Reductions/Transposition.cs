using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Transposes matrices.</summary>
internal static partial class Transposition
{
    private const int CacheLine = 64;
    private const int HalfPage = 2048;

    // The size of a block that is transposed at a time: the bytes of a column, and the number of columns.
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
        // Pinned, since stores that bypass the caches must stay aligned.
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

    /// <summary>Transposes block by block, with ordinary stores.</summary>
    private static unsafe void Blocks<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int blockRows = BlockBytes / sizeof(T), line = CacheLine / sizeof(T);
        for (int nextRow = 0; nextRow < rows; nextRow += blockRows)
        {
            // The last block starts early enough to be at least a cache line wide.
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

    /// <summary>
    /// As <see cref="Blocks"/>, if the destination's rows are a multiple of half a page apart: each block goes through a buffer.
    /// </summary>
    /// <remarks>
    /// Cache lines at such addresses compete for a few places of the L1 cache. A row of the buffer is several consecutive lines, which do
    /// not.
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
    /// Transposes strips as wide as a cache line, down all rows. Each line of the source is read once, and each line of the destination is
    /// written once.
    /// </summary>
    private static unsafe void Stream<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The processor fetches neighboring cache lines too, which wait in the L2 cache until they are read. If rows are a multiple of a
        // page apart, all those lines compete for a few places there. So fewer rows are processed at a time, and lines farther away are
        // prefetched.
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
