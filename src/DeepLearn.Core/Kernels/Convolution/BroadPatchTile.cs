using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Six patches by four vectors: the tile where there are 32 registers and results enough. A number of a patch that is loaded serves four
/// multiply-adds, not two: patches are often a multiple of a cache line apart, and then no two of their numbers can be loaded in one cycle.
/// </summary>
internal readonly unsafe struct BroadPatchTile<T, TLanes> : IPatchTile<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    public static int Rows => 6;

    public static int Columns => 4 * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(
        T** sources, T** results, T* start, T* panel, int* offsets, int* lengths, int* starts, int segments, bool relu)
    {
        int width = TLanes.Count;
        TLanes a0, a1, a2, a3, a4, a5;
        TLanes b0, b1, b2, b3, b4, b5;
        TLanes c0, c1, c2, c3, c4, c5;
        TLanes d0, d1, d2, d3, d4, d5;
        if (start != null)
        {
            a0 = a1 = a2 = a3 = a4 = a5 = TLanes.Load(in *start);
            b0 = b1 = b2 = b3 = b4 = b5 = TLanes.Load(in start[width]);
            c0 = c1 = c2 = c3 = c4 = c5 = TLanes.Load(in start[2 * width]);
            d0 = d1 = d2 = d3 = d4 = d5 = TLanes.Load(in start[3 * width]);
        }
        else
        {
            Load(results[0], out a0, out b0, out c0, out d0);
            Load(results[1], out a1, out b1, out c1, out d1);
            Load(results[2], out a2, out b2, out c2, out d2);
            Load(results[3], out a3, out b3, out c3, out d3);
            Load(results[4], out a4, out b4, out c4, out d4);
            Load(results[5], out a5, out b5, out c5, out d5);
        }
        T* s0 = sources[0], s1 = sources[1], s2 = sources[2], s3 = sources[3], s4 = sources[4], s5 = sources[5];
        for (int segment = 0; segment < segments; segment++)
        {
            nint k = offsets[segment], end = k + lengths[segment];
            T* weights = panel + ((nint)starts[segment] * 4 * width);
            for (; k < end; k++)
            {
                TLanes w0 = TLanes.Load(in *weights), w1 = TLanes.Load(in weights[width]);
                TLanes w2 = TLanes.Load(in weights[2 * width]), w3 = TLanes.Load(in weights[3 * width]);
                weights += 4 * width;
                TLanes x = TLanes.Create(s0[k]);
                a0 = TLanes.FusedMultiplyAdd(x, w0, a0);
                b0 = TLanes.FusedMultiplyAdd(x, w1, b0);
                c0 = TLanes.FusedMultiplyAdd(x, w2, c0);
                d0 = TLanes.FusedMultiplyAdd(x, w3, d0);
                x = TLanes.Create(s1[k]);
                a1 = TLanes.FusedMultiplyAdd(x, w0, a1);
                b1 = TLanes.FusedMultiplyAdd(x, w1, b1);
                c1 = TLanes.FusedMultiplyAdd(x, w2, c1);
                d1 = TLanes.FusedMultiplyAdd(x, w3, d1);
                x = TLanes.Create(s2[k]);
                a2 = TLanes.FusedMultiplyAdd(x, w0, a2);
                b2 = TLanes.FusedMultiplyAdd(x, w1, b2);
                c2 = TLanes.FusedMultiplyAdd(x, w2, c2);
                d2 = TLanes.FusedMultiplyAdd(x, w3, d2);
                x = TLanes.Create(s3[k]);
                a3 = TLanes.FusedMultiplyAdd(x, w0, a3);
                b3 = TLanes.FusedMultiplyAdd(x, w1, b3);
                c3 = TLanes.FusedMultiplyAdd(x, w2, c3);
                d3 = TLanes.FusedMultiplyAdd(x, w3, d3);
                x = TLanes.Create(s4[k]);
                a4 = TLanes.FusedMultiplyAdd(x, w0, a4);
                b4 = TLanes.FusedMultiplyAdd(x, w1, b4);
                c4 = TLanes.FusedMultiplyAdd(x, w2, c4);
                d4 = TLanes.FusedMultiplyAdd(x, w3, d4);
                x = TLanes.Create(s5[k]);
                a5 = TLanes.FusedMultiplyAdd(x, w0, a5);
                b5 = TLanes.FusedMultiplyAdd(x, w1, b5);
                c5 = TLanes.FusedMultiplyAdd(x, w2, c5);
                d5 = TLanes.FusedMultiplyAdd(x, w3, d5);
            }
        }
        Store(results[0], a0, b0, c0, d0, relu);
        Store(results[1], a1, b1, c1, d1, relu);
        Store(results[2], a2, b2, c2, d2, relu);
        Store(results[3], a3, b3, c3, d3, relu);
        Store(results[4], a4, b4, c4, d4, relu);
        Store(results[5], a5, b5, c5, d5, relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(T* from, out TLanes a, out TLanes b, out TLanes c, out TLanes d)
    {
        a = TLanes.Load(in *from);
        b = TLanes.Load(in from[TLanes.Count]);
        c = TLanes.Load(in from[2 * TLanes.Count]);
        d = TLanes.Load(in from[3 * TLanes.Count]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* to, TLanes a, TLanes b, TLanes c, TLanes d, bool relu)
    {
        if (relu)
            (a, b, c, d) = (TLanes.AtLeast(a, default), TLanes.AtLeast(b, default), TLanes.AtLeast(c, default), TLanes.AtLeast(d, default));
        a.Store(ref *to);
        b.Store(ref to[TLanes.Count]);
        c.Store(ref to[2 * TLanes.Count]);
        d.Store(ref to[3 * TLanes.Count]);
    }
}
