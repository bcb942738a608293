using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A convolution as a product of patches and weights in which no patch is copied: the micro-kernel reads some patches directly from
/// the image.
/// </summary>
/// <remarks>
/// The idea of reading patches through pointers is that of Dukhan, "The Indirect Convolution Algorithm", 2019. There a table holds a
/// pointer for each patch and tap, those on the padding to zeros. Here results are divided into an inside, edges and corners
/// (<see cref="GatherPart"/>), within each of which the taps are the same offsets: nothing is multiplied by the padding, and neighboring
/// taps are one run of memory. An edge has few results in an image; several images at once fill its tiles.
/// </remarks>
internal static unsafe class PatchProduct<T, TTile>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTile : struct, IPatchTile<T>
{
    /// <summary>
    /// Up to how many bytes the weights of all panels stay in the nearest cache beside the patches. Then a result's channels are all
    /// written at once, in the order in which they stand in memory.
    /// </summary>
    private const int BytesTogether = 12 << 10;

    /// <summary>
    /// Computes results of some examples, each one chain of fused multiply-adds over the taps within its source, and their channels, in
    /// order.
    /// </summary>
    /// <param name="plan">The plan, forward or backward.</param>
    /// <param name="source">The sources of the examples, without padding.</param>
    /// <param name="packed">The packed weights.</param>
    /// <param name="start">The initial values of the sums, each group padded to whole panels; null for zeros.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="share">Which share of the results.</param>
    /// <param name="result">Where the results of the examples go.</param>
    public static void Run(
        GatherPlan plan, ImageStack<T> source, T* packed, T* start, bool relu, GatherShare share, ImageStack<T> result)
    {
        int tile = TTile.Columns, panels = PackedKernels<T>.Panels(plan, tile), all = plan.Groups * panels;
        int firstPanel = share.Panels.First(all), endPanel = share.Panels.End(all);
        int results = plan.ResultChannels / plan.Groups, sources = plan.SourceChannels / plan.Groups;
        T* zeros = stackalloc T[tile];
        new Span<T>(zeros, tile).Clear();
        foreach (GatherPhase phase in plan.Phases)
        {
            nint panelStep = (nint)phase.Depth * tile;
            int firstRow = share.Rows.First(phase.Rows), endRow = share.Rows.End(phase.Rows);
            foreach (GatherPart part in phase.Parts)
            {
                int row = Math.Max(firstRow, part.FirstRow), rows = Math.Min(endRow, part.FirstRow + part.Rows) - row;
                if (rows <= 0)
                    continue;
                fixed (int* offsets = part.Offsets, lengths = part.Lengths, starts = part.Starts)
                {
                    for (int sweep = 0; sweep < part.Sweeps.Length; sweep++)
                    {
                        (int first, int count) = part.Sweeps[sweep];
                        int together = 1;
                        for (int panel = firstPanel; panel < endPanel; panel += together)
                        {
                            (int group, int inGroup) = Math.DivRem(panel, panels);
                            int column = inGroup * tile;
                            if (panels * panelStep * sizeof(T) <= BytesTogether)
                                together = Math.Min(panels - inGroup, endPanel - panel);
                            var segments = new Segments
                            {
                                Panels = together,
                                Weights = packed + (panel * panelStep),
                                WeightsStep = panelStep,
                                Start = sweep > 0 ? null : start == null ? zeros : start + (panel * tile),
                                StartStep = start == null ? 0 : tile,
                                Offsets = offsets + first,
                                Lengths = lengths + first,
                                Starts = starts + first,
                                Count = count,
                                Relu = relu && sweep == part.Sweeps.Length - 1,
                            };
                            var from = new ImageStack<T>(source.First + (group * sources), (int)source.Stride, source.Count);
                            T* to = result.First + (group * results) + column;
                            Sweep(phase, part, row, rows, from, segments, new(to, (int)result.Stride, result.Count), results - column);
                        }
                    }
                }
            }
            packed += all * panelStep;
        }
    }

    /// <summary>Computes some rows of a part in the columns of some panels, as far as some segments go.</summary>
    private static void Sweep(
        GatherPhase phase, GatherPart part, int firstRow, int rows, ImageStack<T> source, Segments segments, ImageStack<T> result,
        int columns)
    {
        int height = TTile.Rows, tile = TTile.Columns;
        T** sources = stackalloc T*[height];
        T** destinations = stackalloc T*[height];
        T** tiles = stackalloc T*[height];
        T* scratch = stackalloc T[height * tile];
        T* spill = stackalloc T[tile];
        for (int i = 0; i < height; i++)
            tiles[i] = scratch + (i * tile);
        nint sourceStart = ((nint)firstRow * phase.SourceRowStep) + ((nint)part.FirstColumn * phase.SourceColumnStep);
        nint resultStart = phase.ResultStart + ((nint)firstRow * phase.ResultRowStep)
            + ((nint)part.FirstColumn * phase.ResultColumnStep);
        int example = 0, row = 0, column = 0, written = Math.Min(columns, segments.Panels * tile);
        nint ahead = 2 * height * (nint)phase.ResultColumnStep;
        T* from = source.First + sourceStart, to = result.First + resultStart;
        for (int position = source.Count * rows * part.Columns; position > 0; position -= height)
        {
            int count = Math.Min(height, position);
            for (int i = 0; i < count; i++)
            {
                sources[i] = from;
                destinations[i] = to;
                Prefetch(to + ahead, written);
                from += phase.SourceColumnStep;
                to += phase.ResultColumnStep;
                if (++column < part.Columns)
                    continue;
                column = 0;
                if (++row == rows)
                {
                    row = 0;
                    example++;
                }
                from = source.First + (example * source.Stride) + sourceStart + ((nint)row * phase.SourceRowStep);
                to = result.First + (example * result.Stride) + resultStart + ((nint)row * phase.ResultRowStep);
            }

            // The missing rows of the last tile read its first patch again; their results are discarded.
            for (int i = count; i < height; i++)
            {
                sources[i] = sources[0];
                destinations[i] = spill;
            }
            for (int panel = 0; panel < segments.Panels; panel++)
            {
                int width = Math.Min(tile, columns - (panel * tile));
                T* start = segments.Start == null ? null : segments.Start + (panel * segments.StartStep);
                bool isPartial = width < tile;
                if (isPartial && start == null)
                    Copy(destinations, tiles, count, width);
                TTile.Gather(
                    sources,
                    isPartial ? tiles : destinations,
                    start,
                    segments.Weights + (panel * segments.WeightsStep),
                    segments.Offsets,
                    segments.Lengths,
                    segments.Starts,
                    segments.Count,
                    segments.Relu);
                if (isPartial)
                    Copy(tiles, destinations, count, width);
                for (int i = 0; i < count; i++)
                    destinations[i] += tile;
            }
        }
    }

    /// <summary>
    /// Asks for the memory of results that will be written soon: where patches are short, waiting for it would take longer than the sums.
    /// </summary>
    private static void Prefetch(T* to, int columns)
    {
        if (!Sse.IsSupported)
            return;
        for (int column = 0; column < columns; column += 64 / sizeof(T))
            Sse.Prefetch0(to + column);
    }

    /// <summary>What a sweep sums over, and what it begins and ends with.</summary>
    private readonly struct Segments
    {
        public required int Panels { get; init; }

        public required T* Weights { get; init; }

        public required nint WeightsStep { get; init; }

        public required T* Start { get; init; }

        public required int StartStep { get; init; }

        public required int* Offsets { get; init; }

        public required int* Lengths { get; init; }

        public required int* Starts { get; init; }

        public required int Count { get; init; }

        public required bool Relu { get; init; }
    }

    private static void Copy(T** from, T** to, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            T* source = from[i], destination = to[i];
            for (int j = 0; j < columns; j++)
                destination[j] = source[j];
        }
    }
}
