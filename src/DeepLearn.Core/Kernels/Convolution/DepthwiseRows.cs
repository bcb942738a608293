using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Convolution with one filter for each channel, three or five taps wide, where the windows of neighboring results overlap: a vector of
/// the source is loaded once for all results of a row that see it, straight from the image. Taps on the padding are left out.
/// </summary>
/// <remarks>
/// Eight columns of one or two rows of results stay in registers. Each is one chain of fused multiply-adds over the taps, in order: the
/// source is read from left to right, so that a result meets its taps in their order. A copy among zeros would be written and read once
/// more, and be multiplied at the edges: a third of the multiplications for 5x5 on images of 8x8.
/// </remarks>
internal static unsafe class DepthwiseRows<T, TLanes, TTaps>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
    where TTaps : struct, IDepthwiseTaps<T>
{
    /// <summary>Two rows at a time need more than sixteen registers; those that hold 512 bits are 32.</summary>
    private static bool HasPairs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Count * sizeof(T) == 64;
    }

    /// <summary>Computes results of one example.</summary>
    /// <param name="plan">The plan, forward or backward, for which <see cref="GatherPlan.TakesRows"/>.</param>
    /// <param name="source">The source of the example, without padding.</param>
    /// <param name="weights">The weights, <c>[taps, channels]</c>.</param>
    /// <param name="start">What the sums start from, a number for each channel; null for zeros.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="share">Which of their rows.</param>
    /// <param name="result">Where the results of the example go.</param>
    public static void Run(GatherPlan plan, T* source, T* weights, T* start, bool relu, Share share, T* result)
    {
        GatherPhase phase = plan.Phases[0];
        int taps = TTaps.Count, rows = HasPairs ? 2 : 1, endRow = share.End(phase.Rows);
        T** sources = stackalloc T*[2 * phase.RowTaps];
        fixed (int* places = phase.TapWeights)
        {
            for (int row = share.First(phase.Rows); row < endRow; row += rows)
            {
                for (int column = 0; column < phase.Columns; column += GatherPhase.Eight)
                {
                    // The last eight may go back over columns that are done: they get the same numbers again.
                    int first = Math.Min(column, phase.Columns - GatherPhase.Eight);
                    for (int i = 0; i < 2 * phase.RowTaps; i++)
                    {
                        (int tap, int at) = (i >> 1, row + (i & 1));
                        (int begin, int end) = phase.TapRows[tap * taps];
                        bool isInside = at >= begin && at < Math.Min(end, endRow) && (i & 1) < rows;
                        nint place = ((nint)at * phase.SourceRowStep) + ((nint)first * phase.SourceColumnStep);
                        sources[i] = isInside ? source + phase.SourceOffsets[tap * taps] + place : null;
                    }
                    var block = new Block
                    {
                        Sources = sources,
                        RowTaps = phase.RowTaps,
                        Channels = plan.SourceChannels,
                        Left = Math.Max(0, phase.TapColumns[0].First - first),
                        Right = Math.Max(0, first + GatherPhase.Eight - phase.TapColumns[taps - 1].End),
                        Ahead = source + phase.SourceOffsets[((phase.RowTaps - 1) * taps) + (taps / 2)]
                            + ((nint)(row + rows) * phase.SourceRowStep) + ((nint)first * phase.SourceColumnStep),
                        AheadRowStep = phase.SourceRowStep,
                        AheadStep = phase.SourceColumnStep,
                        Places = places,
                        Weights = weights,
                        Start = start,
                        Relu = relu,
                        Results = result + phase.ResultStart + ((nint)row * phase.ResultRowStep) + ((nint)first * phase.ResultColumnStep),
                        RowStep = phase.ResultRowStep,
                        IsPair = HasPairs && row + 1 < endRow,
                    };
                    int inVectors = plan.SourceChannels / TLanes.Count * TLanes.Count;
                    Run<TLanes>(block, 0, inVectors);
                    if (inVectors < plan.SourceChannels)
                        Run<Lane<T>>(block, inVectors, plan.SourceChannels);
                }
            }
        }
    }

    /// <summary>Some channels of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TOne>(in Block block, int first, int end)
        where TOne : struct, ILanes<TOne, T>
    {
        for (int channel = first; channel < end; channel += TOne.Count)
            RunOf<TOne>(block, channel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunOf<TOne>(in Block block, int channel)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne a = block.Start == null ? default : TOne.Load(in block.Start[channel]), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        TOne i = a, j = a, k = a, l = a, m = a, n = a, o = a, p = a;
        T* weights = block.Weights + channel;
        nint step = block.Channels;
        int left = block.Left, right = block.Right;
        for (int tap = 0; tap < block.RowTaps; tap++)
        {
            int* places = block.Places + (TTaps.Count * tap);
            T* x = block.Sources[2 * tap];
            if (x != null)
                TTaps.Add(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, x + channel, step, left, right, weights, places);
            x = block.Sources[(2 * tap) + 1];
            if (HasPairs && x != null)
                TTaps.Add(ref i, ref j, ref k, ref l, ref m, ref n, ref o, ref p, x + channel, step, left, right, weights, places);
        }
        T* to = block.Results + channel;
        Store(to, step, block.Relu, a, b, c, d, e, f, g, h);
        if (HasPairs && block.IsPair)
            Store(to + block.RowStep, step, block.Relu, i, j, k, l, m, n, o, p);
        if (TOne.Count > 1 && Sse.IsSupported)
        {
            // What the next rows read and write; waiting for it would take longer than the sums.
            Prefetch(block.Ahead + channel, block.AheadStep, block.AheadRowStep);
            Prefetch(to + ((HasPairs ? 2 : 1) * block.RowStep), step, block.RowStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TOne>(T* to, nint step, bool relu, TOne a, TOne b, TOne c, TOne d, TOne e, TOne f, TOne g, TOne h)
        where TOne : struct, ILanes<TOne, T>
    {
        if (relu)
        {
            (a, b, c, d) = (TOne.AtLeast(a, default), TOne.AtLeast(b, default), TOne.AtLeast(c, default), TOne.AtLeast(d, default));
            (e, f, g, h) = (TOne.AtLeast(e, default), TOne.AtLeast(f, default), TOne.AtLeast(g, default), TOne.AtLeast(h, default));
        }
        a.Store(ref *to);
        b.Store(ref to[step]);
        c.Store(ref to[2 * step]);
        d.Store(ref to[3 * step]);
        e.Store(ref to[4 * step]);
        f.Store(ref to[5 * step]);
        g.Store(ref to[6 * step]);
        h.Store(ref to[7 * step]);
    }

    /// <summary>Asks for a vector in each of eight columns of as many rows as are computed together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* from, nint step, nint rowStep)
    {
        for (int row = 0; row < (HasPairs ? 2 : 1); row++, from += rowStep)
        {
            for (int column = 0; column < GatherPhase.Eight; column++)
                Sse.Prefetch1(from + (column * step));
        }
    }

    /// <summary>Eight columns of one or two rows of results, in all channels.</summary>
    private readonly struct Block
    {
        /// <summary>For each row of taps where the first tap of either row of results reads; null on the padding.</summary>
        public required T** Sources { get; init; }

        public required int RowTaps { get; init; }

        /// <summary>The channels, which are also the distance between neighboring columns.</summary>
        public required nint Channels { get; init; }

        /// <summary>How many of the first inputs that the eight results see are padding.</summary>
        public required int Left { get; init; }

        /// <summary>The same of the last.</summary>
        public required int Right { get; init; }

        /// <summary>Where the last taps of the next rows of results read; beyond the last row, that is the next image.</summary>
        public required T* Ahead { get; init; }

        public required nint AheadRowStep { get; init; }

        public required nint AheadStep { get; init; }

        public required int* Places { get; init; }

        public required T* Weights { get; init; }

        public required T* Start { get; init; }

        public required bool Relu { get; init; }

        public required T* Results { get; init; }

        public required nint RowStep { get; init; }

        public required bool IsPair { get; init; }
    }
}
