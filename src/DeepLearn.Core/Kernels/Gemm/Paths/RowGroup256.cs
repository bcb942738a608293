using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Eight rows of <see cref="float"/>, on x86.</summary>
internal readonly unsafe struct FloatRows256 : IRowGroup<float, Lanes256<float>>
{
    /// <summary>Two 4 by 4 transpositions side by side, rows 0 to 3 in the lower half and 4 to 7 in the upper.</summary>
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(
        float* m, nint stride, out Lanes256<float> k0, out Lanes256<float> k1, out Lanes256<float> k2, out Lanes256<float> k3)
    {
        float* upper = m + (4 * stride);
        Vector256<float> r0 = Vector256.Create(Vector128.Load(m), Vector128.Load(upper));
        Vector256<float> r1 = Vector256.Create(Vector128.Load(m + stride), Vector128.Load(upper + stride));
        Vector256<float> r2 = Vector256.Create(Vector128.Load(m + (2 * stride)), Vector128.Load(upper + (2 * stride)));
        Vector256<float> r3 = Vector256.Create(Vector128.Load(m + (3 * stride)), Vector128.Load(upper + (3 * stride)));
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        k0 = new(Avx.UnpackLow(low01, low23).AsSingle());
        k1 = new(Avx.UnpackHigh(low01, low23).AsSingle());
        k2 = new(Avx.UnpackLow(high01, high23).AsSingle());
        k3 = new(Avx.UnpackHigh(high01, high23).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadEight(
        float* m, nint stride, out Lanes256<float> k0, out Lanes256<float> k1, out Lanes256<float> k2, out Lanes256<float> k3,
        out Lanes256<float> k4, out Lanes256<float> k5, out Lanes256<float> k6, out Lanes256<float> k7)
    {
        Read(m, stride, out k0, out k1, out k2, out k3);
        Read(m + 4, stride, out k4, out k5, out k6, out k7);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadLastTwo(float* m, nint stride, out Lanes256<float> k2, out Lanes256<float> k3) =>
        Read(m, stride, out _, out _, out k2, out k3);
}

/// <summary>Four rows of <see cref="double"/>, on x86.</summary>
internal readonly unsafe struct DoubleRows256 : IRowGroup<double, Lanes256<double>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(
        double* m, nint stride, out Lanes256<double> k0, out Lanes256<double> k1, out Lanes256<double> k2, out Lanes256<double> k3)
    {
        Pair(m, stride, out k0, out k1);
        Pair(m + 2, stride, out k2, out k3);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadEight(
        double* m, nint stride, out Lanes256<double> k0, out Lanes256<double> k1, out Lanes256<double> k2, out Lanes256<double> k3,
        out Lanes256<double> k4, out Lanes256<double> k5, out Lanes256<double> k6, out Lanes256<double> k7)
    {
        Read(m, stride, out k0, out k1, out k2, out k3);
        Read(m + 4, stride, out k4, out k5, out k6, out k7);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadLastTwo(double* m, nint stride, out Lanes256<double> k2, out Lanes256<double> k3) =>
        Pair(m + 2, stride, out k2, out k3);

    /// <summary>Two 2 by 2 transpositions side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(double* m, nint stride, out Lanes256<double> k0, out Lanes256<double> k1)
    {
        double* upper = m + (2 * stride);
        Vector256<double> r0 = Vector256.Create(Vector128.Load(m), Vector128.Load(upper));
        Vector256<double> r1 = Vector256.Create(Vector128.Load(m + stride), Vector128.Load(upper + stride));
        k0 = new(Avx.UnpackLow(r0, r1));
        k1 = new(Avx.UnpackHigh(r0, r1));
    }
}
