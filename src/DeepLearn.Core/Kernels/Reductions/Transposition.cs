using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>Rows to columns.</summary>
public static class Transposition
{
    // A block of the source and one of the destination, 4 KiB each in float, stay in the first-level cache.
    private const int Block = 32;

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
        for (int row = 0; row < source.Rows; row += Block)
        {
            int rows = Math.Min(Block, source.Rows - row);
            for (int column = 0; column < source.Columns; column += Block)
            {
                int columns = Math.Min(Block, source.Columns - column);
                ref T from = ref Unsafe.Add(ref source.Origin, ((nint)row * source.Stride) + column);
                ref T to = ref Unsafe.Add(ref destination.Origin, ((nint)column * destination.Stride) + row);
                TransposeBlock(ref from, source.Stride, rows, columns, ref to, destination.Stride);
            }
        }
    }

    private static ReadOnlySpan<T> Extent<T>(in T origin, int rows, int columns, int stride) =>
        MemoryMarshal.CreateReadOnlySpan(in origin, ((rows - 1) * stride) + columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeBlock<T>(ref T from, nint fromStride, int rows, int columns, ref T to, nint toStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int side = !Avx.IsSupported || LaneWidth.Current < 256 ? 1 : typeof(T) == typeof(float) ? 8 : 4;
        int wholeRows = rows - (rows % side);
        int wholeColumns = columns - (columns % side);
        if (side == 1)
        {
            wholeRows = 0;
            wholeColumns = 0;
        }
        for (int i = 0; i < wholeRows; i += side)
        {
            for (int j = 0; j < wholeColumns; j += side)
            {
                ref T tile = ref Unsafe.Add(ref from, (i * fromStride) + j);
                ref T turned = ref Unsafe.Add(ref to, (j * toStride) + i);
                if (typeof(T) == typeof(float))
                    Tile8x8(ref Unsafe.As<T, float>(ref tile), fromStride, ref Unsafe.As<T, float>(ref turned), toStride);
                else
                    Tile4x4(ref Unsafe.As<T, double>(ref tile), fromStride, ref Unsafe.As<T, double>(ref turned), toStride);
            }
        }
        for (int j = 0; j < columns; j++)
        {
            for (int i = j < wholeColumns ? wholeRows : 0; i < rows; i++)
                Unsafe.Add(ref to, (j * toStride) + i) = Unsafe.Add(ref from, (i * fromStride) + j);
        }
    }

    // Pairs of rows are interleaved, then pairs of pairs, then the halves of the vectors are exchanged.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile8x8(ref float from, nint fromStride, ref float to, nint toStride)
    {
        Vector256<float> r0 = Vector256.LoadUnsafe(ref from);
        Vector256<float> r1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, fromStride));
        Vector256<float> r2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 2 * fromStride));
        Vector256<float> r3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 3 * fromStride));
        Vector256<float> r4 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 4 * fromStride));
        Vector256<float> r5 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 5 * fromStride));
        Vector256<float> r6 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 6 * fromStride));
        Vector256<float> r7 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 7 * fromStride));
        Vector256<float> t0 = Avx.UnpackLow(r0, r1), t1 = Avx.UnpackHigh(r0, r1);
        Vector256<float> t2 = Avx.UnpackLow(r2, r3), t3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> t4 = Avx.UnpackLow(r4, r5), t5 = Avx.UnpackHigh(r4, r5);
        Vector256<float> t6 = Avx.UnpackLow(r6, r7), t7 = Avx.UnpackHigh(r6, r7);
        r0 = Avx.Shuffle(t0, t2, 0x44);
        r1 = Avx.Shuffle(t0, t2, 0xEE);
        r2 = Avx.Shuffle(t1, t3, 0x44);
        r3 = Avx.Shuffle(t1, t3, 0xEE);
        r4 = Avx.Shuffle(t4, t6, 0x44);
        r5 = Avx.Shuffle(t4, t6, 0xEE);
        r6 = Avx.Shuffle(t5, t7, 0x44);
        r7 = Avx.Shuffle(t5, t7, 0xEE);
        Avx.Permute2x128(r0, r4, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(r1, r5, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, toStride));
        Avx.Permute2x128(r2, r6, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
        Avx.Permute2x128(r3, r7, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
        Avx.Permute2x128(r0, r4, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 4 * toStride));
        Avx.Permute2x128(r1, r5, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 5 * toStride));
        Avx.Permute2x128(r2, r6, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 6 * toStride));
        Avx.Permute2x128(r3, r7, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 7 * toStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile4x4(ref double from, nint fromStride, ref double to, nint toStride)
    {
        Vector256<double> r0 = Vector256.LoadUnsafe(ref from);
        Vector256<double> r1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, fromStride));
        Vector256<double> r2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 2 * fromStride));
        Vector256<double> r3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 3 * fromStride));
        Vector256<double> t0 = Avx.UnpackLow(r0, r1), t1 = Avx.UnpackHigh(r0, r1);
        Vector256<double> t2 = Avx.UnpackLow(r2, r3), t3 = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(t0, t2, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(t1, t3, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, toStride));
        Avx.Permute2x128(t0, t2, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
        Avx.Permute2x128(t1, t3, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
    }
}
