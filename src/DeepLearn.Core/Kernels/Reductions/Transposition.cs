using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Rows to columns.</summary>
public static partial class Transposition
{
    private const int CacheLine = 64;

    // What stays in the first-level cache while a block is read along its rows and written along its columns.
    private const int BlockRows = 64;
    private const int BlockColumns = 256;

    // From this size on the destination is not in the second-level cache, and its lines are written whole, past the caches.
    private const nint StreamingBytes = 2 << 20;

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
        if (Extent(source.Origin, source.Rows, source.Columns, source.Stride)
            .Overlaps(Extent(destination.Origin, destination.Rows, destination.Columns, destination.Stride)))
            throw new ArgumentException("The matrix and its transpose share memory.");
        Run(source, destination);
    }

    private static unsafe void Run<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Pinned, since stores past the caches need their alignment.
        fixed (T* from = &source.Origin)
        fixed (T* to = &destination.Origin)
        {
            int width = Math.Min(LaneWidth.CurrentForShort, Avx512F.IsSupported ? 512 : Avx.IsSupported ? 256 : Sse2.IsSupported ? 128 : 1);
            bool wholeLines = (nint)to % CacheLine == 0 && destination.Stride * sizeof(T) % CacheLine == 0;
            if (width >= 256 && wholeLines && (nint)source.Rows * source.Columns * sizeof(T) >= StreamingBytes)
            {
                Stream(from, source.Stride, source.Rows, source.Columns, to, destination.Stride, width);
                return;
            }
            for (int row = 0; row < source.Rows; row += BlockRows)
            {
                int rows = Math.Min(BlockRows, source.Rows - row);
                for (int column = 0; column < source.Columns; column += BlockColumns)
                {
                    int columns = Math.Min(BlockColumns, source.Columns - column);
                    T* block = from + ((nint)row * source.Stride) + column;
                    TransposeBlock(block, source.Stride, rows, columns, to + ((nint)column * destination.Stride) + row, destination.Stride, width);
                }
            }
        }
    }

    /// <summary>Column by column of cache lines, down all rows: each line is read once, and each of the destination's written once.</summary>
    private static unsafe void Stream<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The lines beside those being read arrive with them, and wait in the second-level cache until they are asked for. Where rows are
        // a multiple of a page apart, they all compete for a few places there; so there are fewer rows at a time, the lines beside are
        // asked for, and those that are read go by way of a buffer, since they compete in the first-level cache too.
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

    private static ReadOnlySpan<T> Extent<T>(in T origin, int rows, int columns, int stride) =>
        MemoryMarshal.CreateReadOnlySpan(in origin, ((rows - 1) * stride) + columns);
}
