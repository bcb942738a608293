using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Four rows of <see cref="float"/>, for NEON or x86 with vectors of 128 bits.</summary>
internal readonly unsafe struct FloatRows128 : IRowGroup<float, Lanes128<float>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(
        float* m, nint stride, out Lanes128<float> k0, out Lanes128<float> k1, out Lanes128<float> k2, out Lanes128<float> k3)
    {
        Vector128<float> x0 = Vector128.Load(m), x1 = Vector128.Load(m + stride);
        Vector128<float> x2 = Vector128.Load(m + (2 * stride)), x3 = Vector128.Load(m + (3 * stride));
        Interleave.Transpose(ref x0, ref x1, ref x2, ref x3);
        k0 = new(x0);
        k1 = new(x1);
        k2 = new(x2);
        k3 = new(x3);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadEight(
        float* m, nint stride, out Lanes128<float> k0, out Lanes128<float> k1, out Lanes128<float> k2, out Lanes128<float> k3,
        out Lanes128<float> k4, out Lanes128<float> k5, out Lanes128<float> k6, out Lanes128<float> k7)
    {
        Read(m, stride, out k0, out k1, out k2, out k3);
        Read(m + 4, stride, out k4, out k5, out k6, out k7);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadLastTwo(float* m, nint stride, out Lanes128<float> k2, out Lanes128<float> k3) =>
        Read(m, stride, out _, out _, out k2, out k3);
}

/// <summary>Two rows of <see cref="double"/>, for NEON or x86 with vectors of 128 bits.</summary>
internal readonly unsafe struct DoubleRows128 : IRowGroup<double, Lanes128<double>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(
        double* m, nint stride, out Lanes128<double> k0, out Lanes128<double> k1, out Lanes128<double> k2, out Lanes128<double> k3)
    {
        Vector128<double> x0 = Vector128.Load(m), x1 = Vector128.Load(m + stride);
        Vector128<double> x2 = Vector128.Load(m + 2), x3 = Vector128.Load(m + stride + 2);
        k0 = new(Interleave.Low(x0, x1));
        k1 = new(Interleave.High(x0, x1));
        k2 = new(Interleave.Low(x2, x3));
        k3 = new(Interleave.High(x2, x3));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadEight(
        double* m, nint stride, out Lanes128<double> k0, out Lanes128<double> k1, out Lanes128<double> k2, out Lanes128<double> k3,
        out Lanes128<double> k4, out Lanes128<double> k5, out Lanes128<double> k6, out Lanes128<double> k7)
    {
        Read(m, stride, out k0, out k1, out k2, out k3);
        Read(m + 4, stride, out k4, out k5, out k6, out k7);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadLastTwo(double* m, nint stride, out Lanes128<double> k2, out Lanes128<double> k3)
    {
        Vector128<double> x2 = Vector128.Load(m + 2), x3 = Vector128.Load(m + stride + 2);
        k2 = new(Interleave.Low(x2, x3));
        k3 = new(Interleave.High(x2, x3));
    }
}
