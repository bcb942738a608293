using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Reductions;

/// <content>
/// Transposes squares of 16 x 16 floats or 8 x 8 doubles in the 32 registers of AVX-512. Whole cache lines are read and written.
/// </content>
internal static partial class Transposition
{
    /// <summary>
    /// Transposes a block of at least one square. The last squares may overlap those before; elements written twice get the same value.
    /// </summary>
    [MethodImpl(Loop)]
    private static unsafe void TransposeSquares<T>(T* from, nint fromStride, int rows, int columns, T* to, nint toStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int side = CacheLine / sizeof(T);
        for (int nextRow = 0; nextRow < rows; nextRow += side)
        {
            int i = Math.Min(nextRow, rows - side);
            T* row = from + (i * fromStride);
            T* column = to + i;
            int j = 0;
            for (; j <= columns - side; j += side)
                Square512(row + j, fromStride, column + (j * toStride), toStride, streaming: false);
            if (j < columns)
                Square512(row + columns - side, fromStride, column + ((columns - side) * toStride), toStride, streaming: false);
        }
    }

    [MethodImpl(Inline)]
    private static unsafe void Square512<T>(T* from, nint fromStride, T* to, nint toStride, bool streaming)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
            FloatSquare((float*)from, fromStride, (float*)to, toStride, streaming);
        else
            DoubleSquare((double*)from, fromStride, (double*)to, toStride, streaming);
    }

    /// <summary>Transposes sixteen rows: four rows at a time within 128-bit lanes, then the lanes are put in order.</summary>
    [MethodImpl(Inline)]
    private static unsafe void FloatSquare(float* from, nint fromStride, float* to, nint toStride, bool streaming)
    {
        FourRows(from, fromStride, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        from += 4 * fromStride;
        FourRows(from, fromStride, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        from += 4 * fromStride;
        FourRows(from, fromStride, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        from += 4 * fromStride;
        FourRows(from, fromStride, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        FourColumns(a0, b0, c0, d0, to, 4 * toStride, streaming);
        FourColumns(a1, b1, c1, d1, to + toStride, 4 * toStride, streaming);
        FourColumns(a2, b2, c2, d2, to + (2 * toStride), 4 * toStride, streaming);
        FourColumns(a3, b3, c3, d3, to + (3 * toStride), 4 * toStride, streaming);
    }

    /// <summary>
    /// Transposes four rows of sixteen within 128-bit lanes: vector k holds the elements of columns k, k + 4, k + 8 and k + 12.
    /// </summary>
    [MethodImpl(Inline)]
    private static unsafe void FourRows(
        float* from, nint stride, out Vector512<float> x0, out Vector512<float> x1, out Vector512<float> x2, out Vector512<float> x3)
    {
        Vector512<float> r0 = Vector512.Load(from), r1 = Vector512.Load(from + stride);
        Vector512<float> r2 = Vector512.Load(from + (2 * stride)), r3 = Vector512.Load(from + (3 * stride));
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        x0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        x1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        x2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        x3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Writes four vectors, which hold a quarter of each of four columns, as four columns.</summary>
    [MethodImpl(Inline)]
    private static unsafe void FourColumns(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to, nint apart, bool streaming)
    {
        Vector512<float> even01 = Avx512F.Shuffle4x128(a, b, 0x88), odd01 = Avx512F.Shuffle4x128(a, b, 0xDD);
        Vector512<float> even23 = Avx512F.Shuffle4x128(c, d, 0x88), odd23 = Avx512F.Shuffle4x128(c, d, 0xDD);
        Store(Avx512F.Shuffle4x128(even01, even23, 0x88), to, streaming);
        Store(Avx512F.Shuffle4x128(odd01, odd23, 0x88), to + apart, streaming);
        Store(Avx512F.Shuffle4x128(even01, even23, 0xDD), to + (2 * apart), streaming);
        Store(Avx512F.Shuffle4x128(odd01, odd23, 0xDD), to + (3 * apart), streaming);
    }

    /// <summary>Transposes eight rows: two rows at a time within 128-bit lanes, then the lanes are put in order.</summary>
    [MethodImpl(Inline)]
    private static unsafe void DoubleSquare(double* from, nint fromStride, double* to, nint toStride, bool streaming)
    {
        TwoRows(from, fromStride, out Vector512<double> a0, out Vector512<double> a1);
        TwoRows(from + (2 * fromStride), fromStride, out Vector512<double> b0, out Vector512<double> b1);
        TwoRows(from + (4 * fromStride), fromStride, out Vector512<double> c0, out Vector512<double> c1);
        TwoRows(from + (6 * fromStride), fromStride, out Vector512<double> d0, out Vector512<double> d1);
        FourColumns(a0.AsSingle(), b0.AsSingle(), c0.AsSingle(), d0.AsSingle(), (float*)to, 4 * toStride, streaming);
        FourColumns(a1.AsSingle(), b1.AsSingle(), c1.AsSingle(), d1.AsSingle(), (float*)(to + toStride), 4 * toStride, streaming);
    }

    /// <summary>
    /// Transposes two rows of eight within 128-bit lanes: vector k holds the elements of columns k, k + 2, k + 4 and k + 6.
    /// </summary>
    [MethodImpl(Inline)]
    private static unsafe void TwoRows(double* from, nint stride, out Vector512<double> x0, out Vector512<double> x1)
    {
        Vector512<double> r0 = Vector512.Load(from), r1 = Vector512.Load(from + stride);
        x0 = Avx512F.UnpackLow(r0, r1);
        x1 = Avx512F.UnpackHigh(r0, r1);
    }

    [MethodImpl(Inline)]
    private static unsafe void Store(Vector512<float> vector, float* to, bool streaming)
    {
        if (streaming)
            vector.StoreAlignedNonTemporal(to);
        else
            vector.Store(to);
    }
}
