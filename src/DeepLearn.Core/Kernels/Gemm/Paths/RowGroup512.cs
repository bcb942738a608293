using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Sixteen rows of <see cref="float"/>, on x86.</summary>
internal readonly unsafe struct FloatRows512 : IRowGroup<float, Lanes512<float>>
{
    /// <summary>Four 4 by 4 transpositions side by side.</summary>
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(
        float* m, nint stride, out Lanes512<float> k0, out Lanes512<float> k1, out Lanes512<float> k2, out Lanes512<float> k3)
    {
        nint step = 4 * stride;
        Vector512<float> r0 = Gather(m, step), r1 = Gather(m + stride, step);
        Vector512<float> r2 = Gather(m + (2 * stride), step), r3 = Gather(m + (3 * stride), step);
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        k0 = new(Avx512F.UnpackLow(low01, low23).AsSingle());
        k1 = new(Avx512F.UnpackHigh(low01, low23).AsSingle());
        k2 = new(Avx512F.UnpackLow(high01, high23).AsSingle());
        k3 = new(Avx512F.UnpackHigh(high01, high23).AsSingle());
    }

    /// <summary>
    /// Eight 4 by 4 transpositions, then quarters of vectors change places. Half of the loads, and four shuffles for each k instead of
    /// five.
    /// </summary>
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadEight(
        float* m, nint stride, out Lanes512<float> k0, out Lanes512<float> k1, out Lanes512<float> k2, out Lanes512<float> k3,
        out Lanes512<float> k4, out Lanes512<float> k5, out Lanes512<float> k6, out Lanes512<float> k7)
    {
        // Rows 0 to 3 and 4 to 7: in each quarter, four rows of one k, or of the k that is four later.
        ReadHalves(m, stride, out Vector512<float> x0, out Vector512<float> x1, out Vector512<float> x2, out Vector512<float> x3);
        ReadHalves(
            m + (8 * stride), stride, out Vector512<float> y0, out Vector512<float> y1, out Vector512<float> y2, out Vector512<float> y3);
        k0 = new(Avx512F.Shuffle4x128(x0, y0, 0b10_00_10_00));
        k1 = new(Avx512F.Shuffle4x128(x1, y1, 0b10_00_10_00));
        k2 = new(Avx512F.Shuffle4x128(x2, y2, 0b10_00_10_00));
        k3 = new(Avx512F.Shuffle4x128(x3, y3, 0b10_00_10_00));
        k4 = new(Avx512F.Shuffle4x128(x0, y0, 0b11_01_11_01));
        k5 = new(Avx512F.Shuffle4x128(x1, y1, 0b11_01_11_01));
        k6 = new(Avx512F.Shuffle4x128(x2, y2, 0b11_01_11_01));
        k7 = new(Avx512F.Shuffle4x128(x3, y3, 0b11_01_11_01));
    }

    /// <summary>Eight k of eight rows, transposed within quarters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadHalves(
        float* m, nint stride, out Vector512<float> k0, out Vector512<float> k1, out Vector512<float> k2, out Vector512<float> k3)
    {
        float* upper = m + (4 * stride);
        Vector512<float> r0 = Pair(m, upper), r1 = Pair(m + stride, upper + stride);
        Vector512<float> r2 = Pair(m + (2 * stride), upper + (2 * stride)), r3 = Pair(m + (3 * stride), upper + (3 * stride));
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        k0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        k1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        k2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        k3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pair(float* lower, float* upper) =>
        Avx512F.InsertVector256(Vector256.Load(lower).ToVector512Unsafe(), Vector256.Load(upper), 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadLastTwo(float* m, nint stride, out Lanes512<float> k2, out Lanes512<float> k3) =>
        Read(m, stride, out _, out _, out k2, out k3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gather(float* m, nint step)
    {
        Vector512<float> x = Vector128.Load(m).ToVector256Unsafe().ToVector512Unsafe();
        x = Avx512F.InsertVector128(x, Vector128.Load(m + step), 1);
        x = Avx512F.InsertVector128(x, Vector128.Load(m + (2 * step)), 2);
        return Avx512F.InsertVector128(x, Vector128.Load(m + (3 * step)), 3);
    }
}

/// <summary>Eight rows of <see cref="double"/>, on x86.</summary>
internal readonly unsafe struct DoubleRows512 : IRowGroup<double, Lanes512<double>>
{
    /// <summary>Eight 2 by 2 transpositions, then quarters of vectors change places.</summary>
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(
        double* m, nint stride, out Lanes512<double> k0, out Lanes512<double> k1, out Lanes512<double> k2, out Lanes512<double> k3)
    {
        double* n = m + (4 * stride);
        Vector512<double> r0 = Halves(m, stride), r1 = Halves(m + stride, stride), r4 = Halves(n, stride), r5 = Halves(n + stride, stride);
        Vector512<double> low = Avx512F.UnpackLow(r0, r1), high = Avx512F.UnpackHigh(r0, r1);
        Vector512<double> low4 = Avx512F.UnpackLow(r4, r5), high4 = Avx512F.UnpackHigh(r4, r5);
        k0 = new(Avx512F.Shuffle4x128(low, low4, 0b10_00_10_00));
        k1 = new(Avx512F.Shuffle4x128(high, high4, 0b10_00_10_00));
        k2 = new(Avx512F.Shuffle4x128(low, low4, 0b11_01_11_01));
        k3 = new(Avx512F.Shuffle4x128(high, high4, 0b11_01_11_01));
    }

    /// <summary>Four k of a row, and of the row that is two later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Halves(double* m, nint stride) =>
        Avx512F.InsertVector256(Vector256.Load(m).ToVector512Unsafe(), Vector256.Load(m + (2 * stride)), 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadEight(
        double* m, nint stride, out Lanes512<double> k0, out Lanes512<double> k1, out Lanes512<double> k2, out Lanes512<double> k3,
        out Lanes512<double> k4, out Lanes512<double> k5, out Lanes512<double> k6, out Lanes512<double> k7)
    {
        Read(m, stride, out k0, out k1, out k2, out k3);
        Read(m + 4, stride, out k4, out k5, out k6, out k7);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadLastTwo(double* m, nint stride, out Lanes512<double> k2, out Lanes512<double> k3) =>
        Pair(m + 2, stride, out k2, out k3);

    /// <summary>Four 2 by 2 transpositions side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(double* m, nint stride, out Lanes512<double> k0, out Lanes512<double> k1)
    {
        nint step = 2 * stride;
        Vector512<double> r0 = Gather(m, step), r1 = Gather(m + stride, step);
        k0 = new(Avx512F.UnpackLow(r0, r1));
        k1 = new(Avx512F.UnpackHigh(r0, r1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Gather(double* m, nint step)
    {
        Vector512<float> x = Vector128.Load((float*)m).ToVector256Unsafe().ToVector512Unsafe();
        x = Avx512F.InsertVector128(x, Vector128.Load((float*)(m + step)), 1);
        x = Avx512F.InsertVector128(x, Vector128.Load((float*)(m + (2 * step))), 2);
        return Avx512F.InsertVector128(x, Vector128.Load((float*)(m + (3 * step))), 3).AsDouble();
    }
}
