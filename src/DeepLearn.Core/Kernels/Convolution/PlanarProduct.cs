using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Gradients of inputs with up to three channels, as of images in color: lanes along the columns of the image, since so few channels would
/// leave most lanes of a vector empty. For that the gradients of the outputs are copied first: for each row the filters one after another,
/// each with its columns side by side, among the zeros that the plan says.
/// </summary>
/// <remarks>
/// Each result is one chain of fused multiply-adds over taps and filters, in the order of <see cref="PatchProduct{T, TTile}"/>. Zeros on
/// the padding are multiplied: for finite weights the sums are the same.
/// </remarks>
internal static unsafe class PlanarProduct<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    /// <summary>The columns of the packed weights: the most channels of the results.</summary>
    public const int Columns = GatherPlan.MostPlanarChannels;

    /// <summary>The vectors of positions of a tile: twelve sums of four vectors and three channels are in registers.</summary>
    private const int Vectors = 4;

    /// <summary>The numbers of the copied source, and of what a vector reads behind its last row.</summary>
    /// <param name="plan">The plan.</param>
    public static int Count(GatherPlan plan) => checked(plan.PaddedCount + (2 * TLanes.Count));

    /// <summary>For each phase and tap, where a result reads the copied source.</summary>
    /// <param name="plan">The plan.</param>
    public static int[][] Offsets(GatherPlan plan)
    {
        int pitch = plan.PaddedWidth, filters = plan.SourceChannels;
        return [.. plan.Phases.Select(phase => phase.TapOffsets.Select(offset =>
        {
            (int row, int column) = Math.DivRem(offset / filters, pitch);
            return (row * filters * pitch) + column;
        }).ToArray())];
    }

    /// <summary>Computes the results of an example.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tapOffsets">What <see cref="Offsets"/> gave.</param>
    /// <param name="source">The source, without padding.</param>
    /// <param name="copy">Memory of <see cref="Count"/> numbers whose border is zero, and stays so.</param>
    /// <param name="packed">The packed weights, <see cref="Columns"/> for each tap and filter.</param>
    /// <param name="result">Where the results go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GatherPlan plan, int[][] tapOffsets, T* source, T* copy, T* packed, T* result)
    {
        int filters = plan.SourceChannels, channels = plan.ResultChannels, pitch = plan.PaddedWidth, width = TLanes.Count;
        T* sums = stackalloc T[Columns * Vectors * TLanes.Count];
        T** from = stackalloc T*[Vectors];
        Spread(plan, source, copy);
        for (int i = 0; i < plan.Phases.Length; i++)
        {
            GatherPhase phase = plan.Phases[i];
            int ofRow = (phase.Columns + width - 1) / width, all = phase.Rows * ofRow;
            fixed (int* offsets = tapOffsets[i])
            {
                for (int first = 0; first < all; first += Vectors)
                {
                    // The missing vectors of the last tile are computed as the last; nobody reads their results.
                    for (int vector = 0; vector < Vectors; vector++)
                    {
                        (int row, int place) = Math.DivRem(Math.Min(first + vector, all - 1), ofRow);
                        from[vector] = copy + ((nint)row * filters * pitch) + (place * width);
                    }
                    Tile(from, pitch, filters, offsets, phase.TapOffsets.Length, packed, sums);
                    for (int vector = 0; vector < Math.Min(Vectors, all - first); vector++)
                    {
                        (int row, int place) = Math.DivRem(first + vector, ofRow);
                        int column = place * width, count = Math.Min(width, phase.Columns - column);
                        T* to = result + phase.ResultStart + ((nint)row * phase.ResultRowStep) + ((nint)column * phase.ResultColumnStep);
                        T* sum = sums + (vector * width);
                        for (int position = 0; position < count; position++, to += phase.ResultColumnStep)
                        {
                            for (int channel = 0; channel < channels; channel++)
                                to[channel] = sum[(channel * Vectors * width) + position];
                        }
                    }
                }
            }
            packed += (nint)phase.Depth * Columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(T** sources, nint step, int filters, int* offsets, int taps, T* weights, T* sums)
    {
        int length = Vectors * TLanes.Count;
        T* s0 = sources[0], s1 = sources[1], s2 = sources[2], s3 = sources[3];
        TLanes a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        TLanes c0 = default, c1 = default, c2 = default, c3 = default;
        for (int tap = 0; tap < taps; tap++)
        {
            nint k = offsets[tap];
            for (int filter = filters; filter > 0; filter--)
            {
                TLanes a = TLanes.Create(*weights), b = TLanes.Create(weights[1]), c = TLanes.Create(weights[2]);
                TLanes x = TLanes.Load(in s0[k]);
                a0 = TLanes.FusedMultiplyAdd(x, a, a0);
                b0 = TLanes.FusedMultiplyAdd(x, b, b0);
                c0 = TLanes.FusedMultiplyAdd(x, c, c0);
                x = TLanes.Load(in s1[k]);
                a1 = TLanes.FusedMultiplyAdd(x, a, a1);
                b1 = TLanes.FusedMultiplyAdd(x, b, b1);
                c1 = TLanes.FusedMultiplyAdd(x, c, c1);
                x = TLanes.Load(in s2[k]);
                a2 = TLanes.FusedMultiplyAdd(x, a, a2);
                b2 = TLanes.FusedMultiplyAdd(x, b, b2);
                c2 = TLanes.FusedMultiplyAdd(x, c, c2);
                x = TLanes.Load(in s3[k]);
                a3 = TLanes.FusedMultiplyAdd(x, a, a3);
                b3 = TLanes.FusedMultiplyAdd(x, b, b3);
                c3 = TLanes.FusedMultiplyAdd(x, c, c3);
                weights += Columns;
                k += step;
            }
        }
        Store(sums, a0, a1, a2, a3);
        Store(sums + length, b0, b1, b2, b3);
        Store(sums + (2 * length), c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* to, TLanes x0, TLanes x1, TLanes x2, TLanes x3)
    {
        x0.Store(ref *to);
        x1.Store(ref to[TLanes.Count]);
        x2.Store(ref to[2 * TLanes.Count]);
        x3.Store(ref to[3 * TLanes.Count]);
    }

    /// <summary>Copies a source, a square of columns and filters at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(GatherPlan plan, T* source, T* copy)
    {
        int filters = plan.SourceChannels, width = plan.SourceWidth, pitch = plan.PaddedWidth;
        int side = Interleave.IsSupported ? Vector128<T>.Count : int.MaxValue;
        copy += ((nint)plan.RowsBefore * filters * pitch) + plan.ColumnsBefore;
        for (int row = 0; row < plan.SourceHeight; row++, source += (nint)width * filters, copy += (nint)filters * pitch)
        {
            int column = 0;
            for (; column <= width - side; column += side)
            {
                T* from = source + ((nint)column * filters), to = copy + column;
                int filter = 0;
                Prefetch(from + (2 * side * (nint)filters), side * filters);
                for (; filter <= filters - side; filter += side)
                    Square(from + filter, filters, to + (filter * pitch), pitch);
                for (; filter < filters; filter++)
                {
                    for (int i = 0; i < side; i++)
                        to[(filter * pitch) + i] = from[((nint)i * filters) + filter];
                }
            }
            for (; column < width; column++)
            {
                for (int filter = 0; filter < filters; filter++)
                    copy[(filter * pitch) + column] = source[((nint)column * filters) + filter];
            }
        }
    }

    /// <summary>Asks for a source's memory before it is read; it is in no near cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* from, int count)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < count; i += WinogradSizes<T>.LineOfCache)
            Sse.Prefetch0(from + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(T* from, nint fromStep, T* to, nint toStep)
    {
        Vector128<T> x0 = Vector128.Load(from), x1 = Vector128.Load(from + fromStep);
        if (typeof(T) == typeof(double))
        {
            Interleave.Low(x0.AsDouble(), x1.AsDouble()).As<double, T>().Store(to);
            Interleave.High(x0.AsDouble(), x1.AsDouble()).As<double, T>().Store(to + toStep);
            return;
        }
        Vector128<float> y0 = x0.AsSingle(), y1 = x1.AsSingle();
        Vector128<float> y2 = Vector128.Load(from + (2 * fromStep)).AsSingle(), y3 = Vector128.Load(from + (3 * fromStep)).AsSingle();
        Interleave.Transpose(ref y0, ref y1, ref y2, ref y3);
        y0.As<float, T>().Store(to);
        y1.As<float, T>().Store(to + toStep);
        y2.As<float, T>().Store(to + (2 * toStep));
        y3.As<float, T>().Store(to + (3 * toStep));
    }
}
