using System.Numerics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A convolution as a product of patches and weights in which no patch is copied: the micro-kernel reads six patches directly from the
/// image.
/// </summary>
/// <remarks>
/// Reading patches through pointers is the idea of Dukhan, "The Indirect Convolution Algorithm", 2019. There a table holds a pointer for
/// each patch and tap. Here the source is copied into a zero-padded image instead. The taps then have the same offsets in every patch, and
/// neighboring taps are adjacent in memory. The copy costs less than a table, since every example has another image.
/// </remarks>
internal static unsafe class PatchProduct<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    /// <summary>
    /// Computes all results of one example. Each is one chain of fused multiply-adds over the plan's taps and channels, in order.
    /// </summary>
    /// <param name="plan">The plan, forward or backward.</param>
    /// <param name="source">The source of the example, padded as the plan says.</param>
    /// <param name="packed">The packed weights.</param>
    /// <param name="start">The initial values of the sums, each group padded to whole panels; null for zeros.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="result">Where the results of the example go.</param>
    public static void Run(GatherPlan plan, T* source, T* packed, T* start, bool relu, T* result)
    {
        int tile = PatchTile<T, TLanes>.Columns;
        int panels = PackedKernels<T>.Panels(plan, tile);
        int results = plan.ResultChannels / plan.Groups;
        T* zeros = stackalloc T[tile];
        new Span<T>(zeros, tile).Clear();
        foreach (GatherPhase phase in plan.Phases)
        {
            for (int group = 0; group < plan.Groups; group++)
            {
                T* groupSource = source + (group * (plan.SourceChannels / plan.Groups));
                int depth = 0;
                for (int sweep = 0; sweep < phase.Sweeps.Length; sweep++)
                {
                    (int segment, int segments, int depthOfSweep) = phase.Sweeps[sweep];
                    bool isLast = sweep == phase.Sweeps.Length - 1;
                    for (int panel = 0; panel < panels; panel++)
                    {
                        int first = panel * tile;
                        T* begin = sweep > 0 ? null : start == null ? zeros : start + (((group * panels) + panel) * tile);
                        T* weights = packed + ((((nint)panel * phase.Depth) + depth) * tile);
                        fixed (int* offsets = phase.Offsets, lengths = phase.Lengths)
                        {
                            Sweep(
                                phase,
                                groupSource,
                                result + phase.ResultStart + (group * results) + first,
                                Math.Min(tile, results - first),
                                begin,
                                weights,
                                offsets + segment,
                                lengths + segment,
                                segments,
                                relu && isLast);
                        }
                    }
                    depth += depthOfSweep;
                }
                packed += (nint)panels * phase.Depth * tile;
            }
        }
    }

    private static void Sweep(
        GatherPhase phase, T* source, T* result, int columns, T* start, T* weights, int* offsets, int* lengths, int segments, bool relu)
    {
        const int Rows = PatchTile<T, TLanes>.Rows;
        int tile = PatchTile<T, TLanes>.Columns;
        bool isPartial = columns < tile;
        T** sources = stackalloc T*[Rows];
        T** destinations = stackalloc T*[Rows];
        T** tiles = stackalloc T*[Rows];
        T* scratch = stackalloc T[Rows * tile];
        T* spill = stackalloc T[tile];
        for (int i = 0; i < Rows; i++)
            tiles[i] = scratch + (i * tile);
        int row = 0, column = 0;
        for (int position = phase.Rows * phase.Columns; position > 0; position -= Rows)
        {
            int count = Math.Min(Rows, position);
            for (int i = 0; i < count; i++)
            {
                sources[i] = source + ((nint)row * phase.SourceRowStep) + ((nint)column * phase.SourceColumnStep);
                destinations[i] = result + ((nint)row * phase.ResultRowStep) + ((nint)column * phase.ResultColumnStep);
                if (++column == phase.Columns)
                {
                    column = 0;
                    row++;
                }
            }

            // The missing rows of the last tile read its first patch again; their results are discarded.
            for (int i = count; i < Rows; i++)
            {
                sources[i] = sources[0];
                destinations[i] = spill;
            }
            if (!isPartial)
            {
                PatchTile<T, TLanes>.Gather(sources, destinations, start, weights, offsets, lengths, segments, relu);
                continue;
            }
            if (start == null)
                Copy(destinations, tiles, count, columns);
            PatchTile<T, TLanes>.Gather(sources, tiles, start, weights, offsets, lengths, segments, relu);
            Copy(tiles, destinations, count, columns);
        }
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
