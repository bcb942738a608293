using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Convolution with one filter for each channel. A vector holds neighboring channels, which are adjacent in memory. Each result is one
/// chain of fused multiply-adds over the taps, in order.
/// </summary>
internal static unsafe class DepthwiseConvolution<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    /// <summary>Computes results of one example.</summary>
    /// <param name="plan">The plan, forward or backward.</param>
    /// <param name="source">The source of the example, padded as the plan says.</param>
    /// <param name="weights">The weights, <c>[taps, channels]</c>.</param>
    /// <param name="start">What the sums start from, a number for each channel; null for zeros.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="share">Which rows of each phase.</param>
    /// <param name="result">Where the results of the example go.</param>
    public static void Run(GatherPlan plan, T* source, T* weights, T* start, bool relu, Share share, T* result)
    {
        foreach (GatherPhase phase in plan.Phases)
        {
            fixed (int* offsets = phase.TapOffsets, places = phase.TapWeights)
            {
                for (int row = share.First(phase.Rows); row < share.End(phase.Rows); row++)
                {
                    T* from = source + ((nint)row * phase.PaddedRowStep);
                    T* to = result + phase.ResultStart + ((nint)row * phase.ResultRowStep);
                    RunRow(phase, plan.SourceChannels, from, weights, start, offsets, places, relu, to);
                }
            }
        }
    }

    /// <summary>A row of results, some columns at a time.</summary>
    private static void RunRow(
        GatherPhase phase, int channels, T* from, T* weights, T* start, int* offsets, int* places, bool relu, T* to)
    {
        int columns = phase.Columns, column = 0;
        nint step = phase.SourceColumnStep, resultStep = phase.ResultColumnStep;
        for (; column <= columns - 8; column += 8)
        {
            T* x = from + (column * step), y = to + (column * resultStep);
            Eight(x, step, channels, weights, start, offsets, places, phase.Taps.Length, relu, y, resultStep);
        }
        while (column < columns)
        {
            // The last four may go back over columns that are done: they get the same numbers again.
            int count = columns < 4 ? 1 : 4, first = Math.Min(column, columns - count);
            T* x = from + (first * step), y = to + (first * resultStep);
            if (count == 4)
                Four(x, step, channels, weights, start, offsets, places, phase.Taps.Length, relu, y, resultStep);
            else
                One(x, channels, weights, start, offsets, places, phase.Taps.Length, relu, y);
            column = first + count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(
        T* x, nint step, int channels, T* w, T* start, int* offsets, int* places, int taps, bool relu, T* y, nint resultStep)
    {
        int channel = 0;
        for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
            EightOf<TLanes>(x + channel, step, w + channel, At(start, channel), offsets, places, taps, relu, y + channel, resultStep);
        for (; channel < channels; channel++)
            EightOf<Lane<T>>(x + channel, step, w + channel, At(start, channel), offsets, places, taps, relu, y + channel, resultStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(
        T* x, nint step, int channels, T* w, T* start, int* offsets, int* places, int taps, bool relu, T* y, nint resultStep)
    {
        int channel = 0;
        for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
            FourOf<TLanes>(x + channel, step, w + channel, At(start, channel), offsets, places, taps, relu, y + channel, resultStep);
        for (; channel < channels; channel++)
            FourOf<Lane<T>>(x + channel, step, w + channel, At(start, channel), offsets, places, taps, relu, y + channel, resultStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(T* x, int channels, T* w, T* start, int* offsets, int* places, int taps, bool relu, T* y)
    {
        int channel = 0;
        for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
            OneOf<TLanes>(x + channel, w + channel, At(start, channel), offsets, places, taps, relu, y + channel);
        for (; channel < channels; channel++)
            OneOf<Lane<T>>(x + channel, w + channel, At(start, channel), offsets, places, taps, relu, y + channel);
    }

    /// <summary>Eight columns of the channels of one vector: a weight is loaded once for all of them, and their chains hide each other's
    /// latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightOf<TOne>(
        T* x, nint step, T* w, T* start, int* offsets, int* places, int taps, bool relu, T* y, nint resultStep)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne a = Begin<TOne>(start), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        T* x1 = x + step, x2 = x1 + step, x3 = x2 + step, x4 = x3 + step, x5 = x4 + step, x6 = x5 + step, x7 = x6 + step;
        for (int tap = 0; tap < taps; tap++)
        {
            nint at = offsets[tap];
            TOne weight = TOne.Load(in w[places[tap]]);
            a = TOne.FusedMultiplyAdd(TOne.Load(in x[at]), weight, a);
            b = TOne.FusedMultiplyAdd(TOne.Load(in x1[at]), weight, b);
            c = TOne.FusedMultiplyAdd(TOne.Load(in x2[at]), weight, c);
            d = TOne.FusedMultiplyAdd(TOne.Load(in x3[at]), weight, d);
            e = TOne.FusedMultiplyAdd(TOne.Load(in x4[at]), weight, e);
            f = TOne.FusedMultiplyAdd(TOne.Load(in x5[at]), weight, f);
            g = TOne.FusedMultiplyAdd(TOne.Load(in x6[at]), weight, g);
            h = TOne.FusedMultiplyAdd(TOne.Load(in x7[at]), weight, h);
        }
        Store(a, relu, y);
        Store(b, relu, y + resultStep);
        Store(c, relu, y + (2 * resultStep));
        Store(d, relu, y + (3 * resultStep));
        Store(e, relu, y + (4 * resultStep));
        Store(f, relu, y + (5 * resultStep));
        Store(g, relu, y + (6 * resultStep));
        Store(h, relu, y + (7 * resultStep));
        if (TOne.Count > 1 && Sse.IsSupported)
        {
            // The memory of the next eight; waiting for it would take longer than the sums.
            T* next = y + (8 * resultStep);
            Sse.Prefetch1(next);
            Sse.Prefetch1(next + resultStep);
            Sse.Prefetch1(next + (2 * resultStep));
            Sse.Prefetch1(next + (3 * resultStep));
            Sse.Prefetch1(next + (4 * resultStep));
            Sse.Prefetch1(next + (5 * resultStep));
            Sse.Prefetch1(next + (6 * resultStep));
            Sse.Prefetch1(next + (7 * resultStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourOf<TOne>(
        T* x, nint step, T* w, T* start, int* offsets, int* places, int taps, bool relu, T* y, nint resultStep)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne a = Begin<TOne>(start), b = a, c = a, d = a;
        T* x1 = x + step, x2 = x1 + step, x3 = x2 + step;
        for (int tap = 0; tap < taps; tap++)
        {
            nint at = offsets[tap];
            TOne weight = TOne.Load(in w[places[tap]]);
            a = TOne.FusedMultiplyAdd(TOne.Load(in x[at]), weight, a);
            b = TOne.FusedMultiplyAdd(TOne.Load(in x1[at]), weight, b);
            c = TOne.FusedMultiplyAdd(TOne.Load(in x2[at]), weight, c);
            d = TOne.FusedMultiplyAdd(TOne.Load(in x3[at]), weight, d);
        }
        Store(a, relu, y);
        Store(b, relu, y + resultStep);
        Store(c, relu, y + (2 * resultStep));
        Store(d, relu, y + (3 * resultStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneOf<TOne>(T* x, T* w, T* start, int* offsets, int* places, int taps, bool relu, T* y)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne sum = Begin<TOne>(start);
        for (int tap = 0; tap < taps; tap++)
            sum = TOne.FusedMultiplyAdd(TOne.Load(in x[offsets[tap]]), TOne.Load(in w[places[tap]]), sum);
        Store(sum, relu, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(T* start, int channel) => start == null ? null : start + channel;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TOne Begin<TOne>(T* start)
        where TOne : struct, ILanes<TOne, T> => start == null ? default : TOne.Load(in *start);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TOne>(TOne sum, bool relu, T* to)
        where TOne : struct, ILanes<TOne, T>
    {
        if (relu)
            sum = TOne.AtLeast(sum, default);
        sum.Store(ref *to);
    }
}
