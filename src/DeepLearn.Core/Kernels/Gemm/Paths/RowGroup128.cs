using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Four rows of <see cref="float"/>: NEON, or x86 with vectors of 128 bits.</summary>
internal readonly unsafe struct FloatRows128 : IRowGroup<float, Vector128<float>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Advance(float* m, nint stride, float* v, Vector128<float> chain)
    {
        Vector128<float> k0 = Vector128.Load(m), k1 = Vector128.Load(m + stride);
        Vector128<float> k2 = Vector128.Load(m + (2 * stride)), k3 = Vector128.Load(m + (3 * stride));
        Interleave.Transpose(ref k0, ref k1, ref k2, ref k3);
        chain = Vector128.FusedMultiplyAdd(k0, Vector128.Create(v[0]), chain);
        chain = Vector128.FusedMultiplyAdd(k1, Vector128.Create(v[1]), chain);
        chain = Vector128.FusedMultiplyAdd(k2, Vector128.Create(v[2]), chain);
        return Vector128.FusedMultiplyAdd(k3, Vector128.Create(v[3]), chain);
    }

    /// <inheritdoc/>
    public static Vector128<float> AdvanceLast(float* m, nint stride, float* v, int count, bool hasBefore, Vector128<float> chain)
    {
        for (int k = 0; k < count; k++)
        {
            var column = Vector128.Create(m[k], m[k + stride], m[k + (2 * stride)], m[k + (3 * stride)]);
            chain = Vector128.FusedMultiplyAdd(column, Vector128.Create(v[k]), chain);
        }
        return chain;
    }
}

/// <summary>Two rows of <see cref="double"/>: NEON, or x86 with vectors of 128 bits.</summary>
internal readonly unsafe struct DoubleRows128 : IRowGroup<double, Vector128<double>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Advance(double* m, nint stride, double* v, Vector128<double> chain)
    {
        Vector128<double> r0 = Vector128.Load(m), r1 = Vector128.Load(m + stride);
        chain = Vector128.FusedMultiplyAdd(Interleave.Low(r0, r1), Vector128.Create(v[0]), chain);
        return Vector128.FusedMultiplyAdd(Interleave.High(r0, r1), Vector128.Create(v[1]), chain);
    }

    /// <inheritdoc/>
    public static Vector128<double> AdvanceLast(double* m, nint stride, double* v, int count, bool hasBefore, Vector128<double> chain) =>
        Vector128.FusedMultiplyAdd(Vector128.Create(m[0], m[stride]), Vector128.Create(v[0]), chain);
}
