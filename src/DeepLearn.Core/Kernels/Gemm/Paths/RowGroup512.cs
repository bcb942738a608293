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
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(
        double* m, nint stride, out Lanes512<double> k0, out Lanes512<double> k1, out Lanes512<double> k2, out Lanes512<double> k3)
    {
        Pair(m, stride, out k0, out k1);
        Pair(m + 2, stride, out k2, out k3);
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
