using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Eight rows of <see cref="float"/>, on x86.</summary>
internal readonly unsafe struct FloatRows256 : IRowGroup<float, Vector256<float>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Advance(float* m, nint stride, float* v, Vector256<float> chain)
    {
        Transpose(m, stride, out Vector256<float> k0, out Vector256<float> k1, out Vector256<float> k2, out Vector256<float> k3);
        chain = Fma.MultiplyAdd(k0, Vector256.Create(v[0]), chain);
        chain = Fma.MultiplyAdd(k1, Vector256.Create(v[1]), chain);
        chain = Fma.MultiplyAdd(k2, Vector256.Create(v[2]), chain);
        return Fma.MultiplyAdd(k3, Vector256.Create(v[3]), chain);
    }

    /// <inheritdoc/>
    public static Vector256<float> AdvanceLast(float* m, nint stride, float* v, int count, bool hasBefore, Vector256<float> chain)
    {
        if (!hasBefore)
        {
            for (int k = 0; k < count; k++)
            {
                float* u = m + k;
                var column = Vector256.Create(
                    u[0], u[stride], u[2 * stride], u[3 * stride], u[4 * stride], u[5 * stride], u[6 * stride], u[7 * stride]);
                chain = Fma.MultiplyAdd(column, Vector256.Create(v[k]), chain);
            }
            return chain;
        }
        Transpose(m + count - 4, stride, out _, out Vector256<float> k1, out Vector256<float> k2, out Vector256<float> k3);
        if (count > 2)
            chain = Fma.MultiplyAdd(k1, Vector256.Create(v[count - 3]), chain);
        if (count > 1)
            chain = Fma.MultiplyAdd(k2, Vector256.Create(v[count - 2]), chain);
        return Fma.MultiplyAdd(k3, Vector256.Create(v[count - 1]), chain);
    }

    /// <summary>
    /// Reads four k of eight rows, and gives each k in a vector of its own: two 4 by 4 transpositions side by side, rows 0 to 3 in the
    /// lower half and 4 to 7 in the upper.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        float* m, nint stride, out Vector256<float> k0, out Vector256<float> k1, out Vector256<float> k2, out Vector256<float> k3)
    {
        float* upper = m + (4 * stride);
        Vector256<float> r0 = Vector256.Create(Vector128.Load(m), Vector128.Load(upper));
        Vector256<float> r1 = Vector256.Create(Vector128.Load(m + stride), Vector128.Load(upper + stride));
        Vector256<float> r2 = Vector256.Create(Vector128.Load(m + (2 * stride)), Vector128.Load(upper + (2 * stride)));
        Vector256<float> r3 = Vector256.Create(Vector128.Load(m + (3 * stride)), Vector128.Load(upper + (3 * stride)));
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        k0 = Avx.UnpackLow(low01, low23).AsSingle();
        k1 = Avx.UnpackHigh(low01, low23).AsSingle();
        k2 = Avx.UnpackLow(high01, high23).AsSingle();
        k3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }
}

/// <summary>Four rows of <see cref="double"/>, on x86.</summary>
internal readonly unsafe struct DoubleRows256 : IRowGroup<double, Vector256<double>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Advance(double* m, nint stride, double* v, Vector256<double> chain)
    {
        // Two 2 by 2 transpositions side by side.
        double* upper = m + (2 * stride);
        Vector256<double> r0 = Vector256.Create(Vector128.Load(m), Vector128.Load(upper));
        Vector256<double> r1 = Vector256.Create(Vector128.Load(m + stride), Vector128.Load(upper + stride));
        chain = Fma.MultiplyAdd(Avx.UnpackLow(r0, r1), Vector256.Create(v[0]), chain);
        return Fma.MultiplyAdd(Avx.UnpackHigh(r0, r1), Vector256.Create(v[1]), chain);
    }

    /// <inheritdoc/>
    public static Vector256<double> AdvanceLast(double* m, nint stride, double* v, int count, bool hasBefore, Vector256<double> chain) =>
        Fma.MultiplyAdd(Vector256.Create(m[0], m[stride], m[2 * stride], m[3 * stride]), Vector256.Create(v[0]), chain);
}
