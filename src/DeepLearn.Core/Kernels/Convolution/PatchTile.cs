using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The micro-kernels of direct convolution: a tile of six rows by two vectors that stays in registers. Each element of a tile is one chain
/// of fused multiply-adds, so its bits do not depend on the width of the vectors.
/// </summary>
/// <remarks>
/// Six rows of two vectors are twelve accumulators: enough to hide the latency at two multiply-adds a cycle, and few enough for sixteen
/// registers. The accumulators are separate local variables, since the JIT compiler keeps nothing else in registers.
/// </remarks>
internal static unsafe class PatchTile<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    /// <summary>The rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>The columns of a tile: two vectors.</summary>
    public static int Columns => 2 * TLanes.Count;

    /// <summary>
    /// Six results: <c>result[r][j] = start[j] + sum over segments and k of source[r][offset + k] * panel[first + k][j]</c>, segments and
    /// k in order.
    /// </summary>
    /// <param name="sources">The six positions in the source.</param>
    /// <param name="results">Where the six rows of results go; each has a tile's columns.</param>
    /// <param name="start">The initial values of the sums; null to continue from the values in the results.</param>
    /// <param name="panel">The weights, a tile's columns for each k.</param>
    /// <param name="offsets">Where each segment begins.</param>
    /// <param name="lengths">How long each segment is.</param>
    /// <param name="starts">Which row of the panel is the first of each segment.</param>
    /// <param name="segments">The number of segments.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(
        T** sources, T** results, T* start, T* panel, int* offsets, int* lengths, int* starts, int segments, bool relu)
    {
        int width = TLanes.Count;
        TLanes a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5;
        if (start != null)
        {
            a0 = a1 = a2 = a3 = a4 = a5 = TLanes.Load(in *start);
            b0 = b1 = b2 = b3 = b4 = b5 = TLanes.Load(in start[width]);
        }
        else
        {
            a0 = TLanes.Load(in *results[0]);
            b0 = TLanes.Load(in results[0][width]);
            a1 = TLanes.Load(in *results[1]);
            b1 = TLanes.Load(in results[1][width]);
            a2 = TLanes.Load(in *results[2]);
            b2 = TLanes.Load(in results[2][width]);
            a3 = TLanes.Load(in *results[3]);
            b3 = TLanes.Load(in results[3][width]);
            a4 = TLanes.Load(in *results[4]);
            b4 = TLanes.Load(in results[4][width]);
            a5 = TLanes.Load(in *results[5]);
            b5 = TLanes.Load(in results[5][width]);
        }
        T* s0 = sources[0], s1 = sources[1], s2 = sources[2], s3 = sources[3], s4 = sources[4], s5 = sources[5];
        for (int segment = 0; segment < segments; segment++)
        {
            nint k = offsets[segment], end = k + lengths[segment];
            T* weights = panel + ((nint)starts[segment] * 2 * width);
            for (; k < end; k++)
            {
                TLanes left = TLanes.Load(in *weights), right = TLanes.Load(in weights[width]);
                weights += 2 * width;
                TLanes x = TLanes.Create(s0[k]);
                a0 = TLanes.FusedMultiplyAdd(x, left, a0);
                b0 = TLanes.FusedMultiplyAdd(x, right, b0);
                x = TLanes.Create(s1[k]);
                a1 = TLanes.FusedMultiplyAdd(x, left, a1);
                b1 = TLanes.FusedMultiplyAdd(x, right, b1);
                x = TLanes.Create(s2[k]);
                a2 = TLanes.FusedMultiplyAdd(x, left, a2);
                b2 = TLanes.FusedMultiplyAdd(x, right, b2);
                x = TLanes.Create(s3[k]);
                a3 = TLanes.FusedMultiplyAdd(x, left, a3);
                b3 = TLanes.FusedMultiplyAdd(x, right, b3);
                x = TLanes.Create(s4[k]);
                a4 = TLanes.FusedMultiplyAdd(x, left, a4);
                b4 = TLanes.FusedMultiplyAdd(x, right, b4);
                x = TLanes.Create(s5[k]);
                a5 = TLanes.FusedMultiplyAdd(x, left, a5);
                b5 = TLanes.FusedMultiplyAdd(x, right, b5);
            }
        }
        Store(results[0], a0, b0, relu);
        Store(results[1], a1, b1, relu);
        Store(results[2], a2, b2, relu);
        Store(results[3], a3, b3, relu);
        Store(results[4], a4, b4, relu);
        Store(results[5], a5, b5, relu);
    }

    /// <summary>
    /// Adds a block of positions of some images to six rows of a weight gradient: <c>sum[i][j] += source[position + offset[i]] *
    /// gradient[position][j]</c>, images and positions in order.
    /// </summary>
    /// <param name="source">The first position in the source of the first image.</param>
    /// <param name="imageStep">How far the source moves from one image to the next.</param>
    /// <param name="images">The images.</param>
    /// <param name="rowStep">How far the source moves from one row of positions to the next.</param>
    /// <param name="columnStep">How far it moves from one position to the next in a row.</param>
    /// <param name="rows">The rows of positions.</param>
    /// <param name="columns">The positions in a row.</param>
    /// <param name="offsets">For each of the six rows of the weights, where its input is relative to the position.</param>
    /// <param name="gradient">The gradients of the outputs, a tile's columns for each position.</param>
    /// <param name="gradientStep">How far the gradients move from one row of positions to the next.</param>
    /// <param name="gradientImageStep">How far they move from one image to the next.</param>
    /// <param name="isFirst">Whether the sums begin at zero; otherwise they are added to.</param>
    /// <param name="ahead">Memory to ask for meanwhile, a line for each position.</param>
    /// <param name="aheadStep">How far it moves from one position to the next.</param>
    /// <param name="sum">The tile of sums, six rows of a tile's columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(
        T* source,
        nint imageStep,
        int images,
        nint rowStep,
        nint columnStep,
        int rows,
        int columns,
        int* offsets,
        T* gradient,
        nint gradientStep,
        nint gradientImageStep,
        bool isFirst,
        T* ahead,
        nint aheadStep,
        T* sum)
    {
        int width = TLanes.Count;
        TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        TLanes b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        if (!isFirst)
        {
            a0 = TLanes.Load(in *sum);
            b0 = TLanes.Load(in sum[width]);
            a1 = TLanes.Load(in sum[2 * width]);
            b1 = TLanes.Load(in sum[3 * width]);
            a2 = TLanes.Load(in sum[4 * width]);
            b2 = TLanes.Load(in sum[5 * width]);
            a3 = TLanes.Load(in sum[6 * width]);
            b3 = TLanes.Load(in sum[7 * width]);
            a4 = TLanes.Load(in sum[8 * width]);
            b4 = TLanes.Load(in sum[9 * width]);
            a5 = TLanes.Load(in sum[10 * width]);
            b5 = TLanes.Load(in sum[11 * width]);
        }
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4], o5 = offsets[5];
        for (int line = 0, row = 0, lines = images * rows; line < lines; line++)
        {
            T* s = source + (row * rowStep), g = gradient + (row * gradientStep);
            if (++row == rows)
            {
                row = 0;
                source += imageStep;
                gradient += gradientImageStep;
            }
            for (int column = columns; column > 0; column--)
            {
                TLanes left = TLanes.Load(in *g), right = TLanes.Load(in g[width]);
                g += 2 * width;
                if (Sse.IsSupported)
                    Sse.Prefetch1(ahead);
                ahead += aheadStep;
                TLanes x = TLanes.Create(s[o0]);
                a0 = TLanes.FusedMultiplyAdd(x, left, a0);
                b0 = TLanes.FusedMultiplyAdd(x, right, b0);
                x = TLanes.Create(s[o1]);
                a1 = TLanes.FusedMultiplyAdd(x, left, a1);
                b1 = TLanes.FusedMultiplyAdd(x, right, b1);
                x = TLanes.Create(s[o2]);
                a2 = TLanes.FusedMultiplyAdd(x, left, a2);
                b2 = TLanes.FusedMultiplyAdd(x, right, b2);
                x = TLanes.Create(s[o3]);
                a3 = TLanes.FusedMultiplyAdd(x, left, a3);
                b3 = TLanes.FusedMultiplyAdd(x, right, b3);
                x = TLanes.Create(s[o4]);
                a4 = TLanes.FusedMultiplyAdd(x, left, a4);
                b4 = TLanes.FusedMultiplyAdd(x, right, b4);
                x = TLanes.Create(s[o5]);
                a5 = TLanes.FusedMultiplyAdd(x, left, a5);
                b5 = TLanes.FusedMultiplyAdd(x, right, b5);
                s += columnStep;
            }
        }
        Store(sum, a0, b0, false);
        Store(sum + (2 * width), a1, b1, false);
        Store(sum + (4 * width), a2, b2, false);
        Store(sum + (6 * width), a3, b3, false);
        Store(sum + (8 * width), a4, b4, false);
        Store(sum + (10 * width), a5, b5, false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* to, TLanes left, TLanes right, bool relu)
    {
        if (relu)
        {
            left = TLanes.AtLeast(left, default);
            right = TLanes.AtLeast(right, default);
        }
        left.Store(ref *to);
        right.Store(ref to[TLanes.Count]);
    }
}
