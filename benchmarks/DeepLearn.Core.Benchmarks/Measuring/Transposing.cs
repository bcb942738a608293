using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Paths;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// Reads rows of a matrix in the first cache so that a vector holds one number of each row: what a product with a matrix that is stored
/// along k does before it multiplies. A multiply-add for each vector uses what was read.
/// </summary>
internal static unsafe class Transposing
{
    /// <summary>The numbers of a row; and from a row to the next, which is no whole number of lines.</summary>
    private const int Depth = 128, Stride = 152;

    /// <summary>The bytes that one pass reads, in either type.</summary>
    public static int Bytes<T>()
        where T : unmanaged => RowsOf<T>() * Depth * sizeof(T);

    /// <summary>One pass, with the widest vectors in use.</summary>
    /// <param name="matrix">At least <see cref="Length{T}"/> numbers.</param>
    public static T Pass<T>(ReadOnlySpan<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* m = matrix)
        {
            return (LaneWidth.Current, sizeof(T)) switch
            {
                (512, sizeof(float)) => (T)(object)Sum<float, Lanes512<float>, FloatRows512>((float*)m),
                (512, _) => (T)(object)Sum<double, Lanes512<double>, DoubleRows512>((double*)m),
                (256, sizeof(float)) => (T)(object)Sum<float, Lanes256<float>, FloatRows256>((float*)m),
                (256, _) => (T)(object)Sum<double, Lanes256<double>, DoubleRows256>((double*)m),
                (_, sizeof(float)) => (T)(object)Sum<float, Lanes128<float>, FloatRows128>((float*)m),
                _ => (T)(object)Sum<double, Lanes128<double>, DoubleRows128>((double*)m),
            };
        }
    }

    /// <summary>The numbers of the matrix.</summary>
    public static int Length<T>()
        where T : unmanaged => RowsOf<T>() * Stride;

    // As many rows as the widest vectors take; narrower ones take them one group after another.
    private static int RowsOf<T>()
        where T : unmanaged => 64 / sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T Sum<T, TLanes, TRows>(T* m)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ILanes<TLanes, T>
        where TRows : struct, IRowGroup<T, TLanes>
    {
        TLanes factor = TLanes.Create(T.One), a = default, b = default, c = default, d = default, e = default, f = default, g = default;
        TLanes h = default;
        for (T* end = m + Length<T>(); m < end; m += TLanes.Count * Stride)
        {
            for (int k = 0; k < Depth; k += 8)
            {
                TRows.ReadEight(
                    m + k, Stride, out TLanes k0, out TLanes k1, out TLanes k2, out TLanes k3,
                    out TLanes k4, out TLanes k5, out TLanes k6, out TLanes k7);
                a = TLanes.FusedMultiplyAdd(k0, factor, a);
                b = TLanes.FusedMultiplyAdd(k1, factor, b);
                c = TLanes.FusedMultiplyAdd(k2, factor, c);
                d = TLanes.FusedMultiplyAdd(k3, factor, d);
                e = TLanes.FusedMultiplyAdd(k4, factor, e);
                f = TLanes.FusedMultiplyAdd(k5, factor, f);
                g = TLanes.FusedMultiplyAdd(k6, factor, g);
                h = TLanes.FusedMultiplyAdd(k7, factor, h);
            }
        }
        T first = default;
        (a + b + (c + d) + (e + f + (g + h))).StoreFirst(ref first, 1);
        return first;
    }
}
