using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Eight patches by one vector: the tile for a few results at each position, as the gradient of an image of three channels, where a second
/// vector would be padding alone.
/// </summary>
internal readonly unsafe struct NarrowPatchTile<T, TLanes> : IPatchTile<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    public static int Rows => 8;

    public static int Columns => TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(
        T** sources, T** results, T* start, T* panel, int* offsets, int* lengths, int* starts, int segments, bool relu)
    {
        int width = TLanes.Count;
        TLanes a0, a1, a2, a3, a4, a5, a6, a7;
        if (start != null)
        {
            a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = TLanes.Load(in *start);
        }
        else
        {
            a0 = TLanes.Load(in *results[0]);
            a1 = TLanes.Load(in *results[1]);
            a2 = TLanes.Load(in *results[2]);
            a3 = TLanes.Load(in *results[3]);
            a4 = TLanes.Load(in *results[4]);
            a5 = TLanes.Load(in *results[5]);
            a6 = TLanes.Load(in *results[6]);
            a7 = TLanes.Load(in *results[7]);
        }
        T* s0 = sources[0], s1 = sources[1], s2 = sources[2], s3 = sources[3], s4 = sources[4], s5 = sources[5], s6 = sources[6];
        T* s7 = sources[7];
        for (int segment = 0; segment < segments; segment++)
        {
            nint k = offsets[segment], end = k + lengths[segment];
            T* weights = panel + ((nint)starts[segment] * width);
            for (; k < end; k++)
            {
                TLanes w = TLanes.Load(in *weights);
                weights += width;
                a0 = TLanes.FusedMultiplyAdd(TLanes.Create(s0[k]), w, a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Create(s1[k]), w, a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Create(s2[k]), w, a2);
                a3 = TLanes.FusedMultiplyAdd(TLanes.Create(s3[k]), w, a3);
                a4 = TLanes.FusedMultiplyAdd(TLanes.Create(s4[k]), w, a4);
                a5 = TLanes.FusedMultiplyAdd(TLanes.Create(s5[k]), w, a5);
                a6 = TLanes.FusedMultiplyAdd(TLanes.Create(s6[k]), w, a6);
                a7 = TLanes.FusedMultiplyAdd(TLanes.Create(s7[k]), w, a7);
            }
        }
        Store(results[0], a0, relu);
        Store(results[1], a1, relu);
        Store(results[2], a2, relu);
        Store(results[3], a3, relu);
        Store(results[4], a4, relu);
        Store(results[5], a5, relu);
        Store(results[6], a6, relu);
        Store(results[7], a7, relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* to, TLanes value, bool relu)
    {
        if (relu)
            value = TLanes.AtLeast(value, default);
        value.Store(ref *to);
    }
}
