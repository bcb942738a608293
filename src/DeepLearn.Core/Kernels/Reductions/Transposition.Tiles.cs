using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

internal static partial class Transposition
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>
    /// Transposes any block with ordinary stores: first tiles with as many rows as a vector holds, then with half as many, and so on.
    /// </summary>
    [MethodImpl(Loop)]
    private static unsafe void TransposeBlock<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int group = 16 / sizeof(T);
        if (width >= 512 && Math.Min(rows, columns) >= 4 * group)
        {
            TransposeSquares(from, fromStride, rows, columns, to, toStride);
            return;
        }
        int whole = columns - (columns % group);
        int i = 0;
        if (width >= 512)
        {
            for (; i <= rows - (4 * group); i += 4 * group)
            {
                for (int j = 0; j < whole; j += group)
                    Tile512(from + (i * fromStride) + j, fromStride, to + (j * toStride) + i, toStride);
            }
        }
        if (width >= 256)
        {
            for (; i <= rows - (2 * group); i += 2 * group)
            {
                for (int j = 0; j < whole; j += group)
                    Tile256(from + (i * fromStride) + j, fromStride, to + (j * toStride) + i, toStride, streaming: false);
            }
        }
        if (width >= 128)
        {
            for (; i <= rows - group; i += group)
            {
                for (int j = 0; j < whole; j += group)
                    Tile128(from + (i * fromStride) + j, fromStride, to + (j * toStride) + i, toStride);
            }
        }
        for (int j = 0; j < columns; j++)
        {
            for (int row = j < whole ? i : 0; row < rows; row++)
                to[(j * toStride) + row] = from[(row * fromStride) + j];
        }
    }

    /// <summary>Transposes a strip as wide as a cache line. Whole vectors are written with stores that bypass the caches.</summary>
    [MethodImpl(Loop)]
    private static unsafe void StreamStrip<T>(
        T* from, nint fromStride, int rows, int columns, T* to, nint toStride, int width, bool crowded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int group = 16 / sizeof(T);
        int side = 4 * group;
        int i = 0;
        if (columns == side && width >= 512)
        {
            for (; i <= rows - side; i += side)
            {
                T* tile = from + (i * fromStride);
                for (int k = 0; k < side; k++)
                {
                    if (crowded)
                        Sse.Prefetch1(tile + (k * fromStride) + (4 * side));
                    else
                        Sse.Prefetch0(tile + (k * fromStride) + side);
                }
                Square512(tile, fromStride, to + i, toStride, streaming: true);
            }
        }
        else if (columns == side)
        {
            for (; i <= rows - (2 * group); i += 2 * group)
            {
                for (int j = 0; j < side; j += group)
                    Tile256(from + (i * fromStride) + j, fromStride, to + (j * toStride) + i, toStride, streaming: true);
            }
        }
        TransposeBlock(from + (i * fromStride), fromStride, rows - i, columns, to + i, toStride, width);
    }

    // Each 128-bit lane of a vector holds 16 bytes of another row: 4 floats (2 doubles) of rows that are 4 (2) apart. Four (two) such
    // vectors are transposed lane by lane, and then hold contiguous pieces of columns.

    [MethodImpl(Inline)]
    private static unsafe void Tile512<T>(T* from, nint fromStride, T* to, nint toStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<float> r0 = Rows512((float*)from, 4 * fromStride);
            Vector512<float> r1 = Rows512((float*)from + fromStride, 4 * fromStride);
            Vector512<float> r2 = Rows512((float*)from + (2 * fromStride), 4 * fromStride);
            Vector512<float> r3 = Rows512((float*)from + (3 * fromStride), 4 * fromStride);
            Vector512<float> t0 = Avx512F.UnpackLow(r0, r1), t1 = Avx512F.UnpackHigh(r0, r1);
            Vector512<float> t2 = Avx512F.UnpackLow(r2, r3), t3 = Avx512F.UnpackHigh(r2, r3);
            Avx512F.Shuffle(t0, t2, 0x44).Store((float*)to);
            Avx512F.Shuffle(t0, t2, 0xEE).Store((float*)to + toStride);
            Avx512F.Shuffle(t1, t3, 0x44).Store((float*)to + (2 * toStride));
            Avx512F.Shuffle(t1, t3, 0xEE).Store((float*)to + (3 * toStride));
            return;
        }
        Vector512<double> d0 = Rows512((double*)from, 2 * fromStride);
        Vector512<double> d1 = Rows512((double*)from + fromStride, 2 * fromStride);
        Avx512F.UnpackLow(d0, d1).Store((double*)to);
        Avx512F.UnpackHigh(d0, d1).Store((double*)to + toStride);
    }

    [MethodImpl(Inline)]
    private static unsafe void Tile256<T>(T* from, nint fromStride, T* to, nint toStride, bool streaming)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<float> r0 = Rows256((float*)from, 4 * fromStride);
            Vector256<float> r1 = Rows256((float*)from + fromStride, 4 * fromStride);
            Vector256<float> r2 = Rows256((float*)from + (2 * fromStride), 4 * fromStride);
            Vector256<float> r3 = Rows256((float*)from + (3 * fromStride), 4 * fromStride);
            Vector256<float> t0 = Avx.UnpackLow(r0, r1), t1 = Avx.UnpackHigh(r0, r1);
            Vector256<float> t2 = Avx.UnpackLow(r2, r3), t3 = Avx.UnpackHigh(r2, r3);
            Store(Avx.Shuffle(t0, t2, 0x44), (float*)to, streaming);
            Store(Avx.Shuffle(t0, t2, 0xEE), (float*)to + toStride, streaming);
            Store(Avx.Shuffle(t1, t3, 0x44), (float*)to + (2 * toStride), streaming);
            Store(Avx.Shuffle(t1, t3, 0xEE), (float*)to + (3 * toStride), streaming);
            return;
        }
        Vector256<double> d0 = Rows256((double*)from, 2 * fromStride);
        Vector256<double> d1 = Rows256((double*)from + fromStride, 2 * fromStride);
        Store(Avx.UnpackLow(d0, d1), (double*)to, streaming);
        Store(Avx.UnpackHigh(d0, d1), (double*)to + toStride, streaming);
    }

    [MethodImpl(Inline)]
    private static unsafe void Tile128<T>(T* from, nint fromStride, T* to, nint toStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<float> r0 = Vector128.Load((float*)from), r1 = Vector128.Load((float*)from + fromStride);
            Vector128<float> r2 = Vector128.Load((float*)from + (2 * fromStride)), r3 = Vector128.Load((float*)from + (3 * fromStride));
            Interleave.Transpose(ref r0, ref r1, ref r2, ref r3);
            r0.Store((float*)to);
            r1.Store((float*)to + toStride);
            r2.Store((float*)to + (2 * toStride));
            r3.Store((float*)to + (3 * toStride));
            return;
        }
        Vector128<double> d0 = Vector128.Load((double*)from), d1 = Vector128.Load((double*)from + fromStride);
        Interleave.Low(d0, d1).Store((double*)to);
        Interleave.High(d0, d1).Store((double*)to + toStride);
    }

    [MethodImpl(Inline)]
    private static unsafe Vector256<T> Rows256<T>(T* from, nint apart)
        where T : unmanaged => Vector256.Create(Vector128.Load(from), Vector128.Load(from + apart));

    [MethodImpl(Inline)]
    private static unsafe Vector512<T> Rows512<T>(T* from, nint apart)
        where T : unmanaged => Vector512.Create(Rows256(from, apart), Rows256(from + (2 * apart), apart));

    [MethodImpl(Inline)]
    private static unsafe void Store<T>(Vector256<T> vector, T* to, bool streaming)
        where T : unmanaged
    {
        if (streaming)
            vector.StoreAlignedNonTemporal(to);
        else
            vector.Store(to);
    }
}
