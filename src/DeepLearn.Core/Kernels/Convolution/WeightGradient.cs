using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The gradients of a convolution's weights and biases, summed over the examples of a chunk. Each sum is one chain of fused multiply-adds
/// over the positions of its chunk, in order, and the chunks are added in order. The chunks depend on batch size and shape alone, never on
/// threads.
/// </summary>
internal static unsafe class WeightGradient<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    /// <summary>
    /// About how many positions are added to a tile of sums at a time: their patches and gradients fit in the cache, and the tile is loaded
    /// and stored once for all of them. They are a band of an image, or some small images.
    /// </summary>
    private const int PositionsOfBand = 128;

    /// <summary>The most small images at a time.</summary>
    private const int MostTogether = 16;

    /// <summary>The size of the sums of a chunk, in numbers: the tiles of the weights, then the biases.</summary>
    public static int SumsCount(ConvolutionGeometry geometry, GatherPlan forward)
    {
        int panels = geometry.Groups * PackedKernels<T>.Panels(forward, PatchTile<T, TLanes>.Columns);
        return panels * (Tiles(geometry) * PatchTile<T, TLanes>.Rows + 1) * PatchTile<T, TLanes>.Columns;
    }

    /// <summary>How many images are added at a time: one, but some where they are small.</summary>
    public static int Together(GatherPlan forward) =>
        Math.Clamp(PositionsOfBand / (forward.Phases[0].Rows * forward.Phases[0].Columns), 1, MostTogether);

    /// <summary>The size of the scratch memory that <see cref="AddExamples"/> needs, in numbers.</summary>
    public static int ScratchCount(GatherPlan forward) =>
        Together(forward) * RowsOfBand(forward.Phases[0]) * forward.Phases[0].Columns * PatchTile<T, TLanes>.Columns;

    /// <summary>
    /// For each row of a group's weight matrix, where its input is relative to the output position. The list is padded to whole tiles.
    /// </summary>
    public static int[] RowOffsets(ConvolutionGeometry geometry, GatherPlan forward)
    {
        GatherPhase phase = forward.Phases[0];
        var offsets = new int[Tiles(geometry) * PatchTile<T, TLanes>.Rows];
        for (int k = 0; k < geometry.Depth; k++)
            offsets[k] = phase.TapOffsets[k / geometry.GroupChannels] + (k % geometry.GroupChannels);
        return offsets;
    }

    /// <summary>
    /// For each tile of six weights the positions where one of them sees the image itself: the others have nothing to add. Where the six
    /// belong to several taps, some zeros of the padding are multiplied.
    /// </summary>
    public static WeightRange[] Ranges(ConvolutionGeometry geometry, GatherPlan forward)
    {
        GatherPhase phase = forward.Phases[0];
        var ranges = new WeightRange[Tiles(geometry)];
        for (int tile = 0; tile < ranges.Length; tile++)
        {
            int first = tile * PatchTile<T, TLanes>.Rows, end = Math.Min(first + PatchTile<T, TLanes>.Rows, geometry.Depth);
            int[] taps = [.. Enumerable.Range(first, end - first).Select(k => k / geometry.GroupChannels).Distinct()];
            int firstColumn = taps.Min(tap => phase.TapColumns[tap].First), endColumn = taps.Max(tap => phase.TapColumns[tap].End);
            int firstRow = taps.Min(tap => phase.TapRows[tap].First), endRow = taps.Max(tap => phase.TapRows[tap].End);
            ranges[tile] = new(firstRow, endColumn > firstColumn ? endRow : firstRow, firstColumn, endColumn - firstColumn);
        }
        return ranges;
    }

    /// <summary>Adds some examples to the sums of their chunk.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="forward">Its forward plan.</param>
    /// <param name="rowOffsets">What <see cref="RowOffsets"/> gave.</param>
    /// <param name="ranges">What <see cref="Ranges"/> gave.</param>
    /// <param name="source">The inputs of the examples, padded as the plan says, at most <see cref="Together"/>.</param>
    /// <param name="gradient">The gradients of the outputs of the examples.</param>
    /// <param name="scratch">Scratch of <see cref="ScratchCount"/> numbers.</param>
    /// <param name="share">Which share of the panels of all groups.</param>
    /// <param name="isFirst">Whether they are the first of the chunk: what the sums hold is written over.</param>
    /// <param name="sums">The sums of the chunk.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddExamples(
        ConvolutionGeometry geometry,
        GatherPlan forward,
        int[] rowOffsets,
        WeightRange[] ranges,
        ImageStack<T> source,
        ImageStack<T> gradient,
        T* scratch,
        Share share,
        bool isFirst,
        T* sums)
    {
        GatherPhase phase = forward.Phases[0];
        int tile = PatchTile<T, TLanes>.Columns, tiles = Tiles(geometry);
        int panels = PackedKernels<T>.Panels(forward, tile), all = geometry.Groups * panels, band = RowsOfBand(phase);
        nint ofTile = (nint)PatchTile<T, TLanes>.Rows * tile, ofPanel = tiles * ofTile;
        fixed (int* offsets = rowOffsets)
        {
            for (int top = 0; top < phase.Rows; top += band, isFirst = false)
            {
                int rows = Math.Min(band, phase.Rows - top);
                nint packed = (nint)rows * phase.Columns * tile;
                for (int panel = share.First(all); panel < share.End(all); panel++)
                {
                    (int group, int inGroup) = Math.DivRem(panel, panels);
                    int first = inGroup * tile, columns = Math.Min(tile, geometry.GroupFilters - first);
                    T* biases = sums + (all * ofPanel) + ((nint)panel * tile), sum = sums + (panel * ofPanel);
                    if (isFirst)
                        new Span<T>(biases, tile).Clear();
                    nint derivatives = ((nint)top * phase.ResultRowStep) + (group * geometry.GroupFilters) + first;
                    for (int image = 0; image < gradient.Count; image++)
                    {
                        T* from = gradient[image] + derivatives;
                        PackAndSum(from, geometry.Filters, rows * phase.Columns, columns, scratch + (image * packed), biases);
                    }
                    for (int i = 0; i < tiles; i++, sum += ofTile)
                    {
                        WeightRange range = ranges[i];
                        int firstRow = Math.Max(top, range.FirstRow), endRow = Math.Min(top + rows, range.EndRow);
                        if (firstRow >= endRow)
                        {
                            if (isFirst)
                                new Span<T>(sum, (int)ofTile).Clear();
                            continue;
                        }

                        // Meanwhile the gradients of the next band, or of the next image, come from memory.
                        int line = i * 64 / sizeof(T);
                        bool isAhead = line < columns;
                        nint place = ((nint)(firstRow - top) * phase.Columns) + range.FirstColumn;
                        PatchTile<T, TLanes>.Accumulate(
                            source.First + (group * geometry.GroupChannels) + ((nint)firstRow * phase.PaddedRowStep)
                                + ((nint)range.FirstColumn * phase.SourceColumnStep),
                            source.Stride,
                            source.Count,
                            phase.PaddedRowStep,
                            phase.SourceColumnStep,
                            endRow - firstRow,
                            range.Columns,
                            offsets + (i * PatchTile<T, TLanes>.Rows),
                            scratch + (place * tile),
                            (nint)phase.Columns * tile,
                            packed,
                            isFirst,
                            isAhead ? gradient.First + derivatives + ((nint)rows * phase.ResultRowStep) + line : scratch,
                            isAhead ? geometry.Filters : 0,
                            sum);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Adds up the chunks of one panel, in order, and writes the gradients: <c>destination = keep * destination + scale * sum</c>.
    /// </summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="forward">Its forward plan.</param>
    /// <param name="panel">The panel: the group times the panels of a group, plus the panel within the group.</param>
    /// <param name="sums">The sums of the first chunk.</param>
    /// <param name="chunkStep">How far apart the chunks are.</param>
    /// <param name="chunks">The number of chunks.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on the destination's old values; with 0 they are not read.</param>
    /// <param name="isBias">True to write the gradient of the biases, false to write that of the weights.</param>
    /// <param name="destination">The weights' gradient, <c>[depth, filters]</c>, or the biases', <c>[1, filters]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Finish(
        ConvolutionGeometry geometry,
        GatherPlan forward,
        int panel,
        T* sums,
        nint chunkStep,
        int chunks,
        T scale,
        T keep,
        bool isBias,
        T* destination)
    {
        int tile = PatchTile<T, TLanes>.Columns, panels = PackedKernels<T>.Panels(forward, tile);
        (int group, int inGroup) = Math.DivRem(panel, panels);
        int first = inGroup * tile, columns = Math.Min(tile, geometry.GroupFilters - first);
        nint stride = (nint)Tiles(geometry) * PatchTile<T, TLanes>.Rows * tile;
        T* from = isBias ? sums + (geometry.Groups * panels * stride) + (panel * tile) : sums + (panel * stride);
        T* to = destination + (group * geometry.GroupFilters) + first;
        T* total = stackalloc T[tile];
        for (int row = 0; row < (isBias ? 1 : geometry.Depth); row++, from += tile, to += geometry.Filters)
        {
            (TLanes left, TLanes right) = (TLanes.Load(in *from), TLanes.Load(in from[TLanes.Count]));
            for (int chunk = 1; chunk < chunks; chunk++)
            {
                T* other = from + (chunk * chunkStep);
                left += TLanes.Load(in *other);
                right += TLanes.Load(in other[TLanes.Count]);
            }
            if (columns == tile)
            {
                GradientStore.Store(left, scale, keep, to);
                GradientStore.Store(right, scale, keep, to + TLanes.Count);
                continue;
            }
            left.Store(ref *total);
            right.Store(ref total[TLanes.Count]);
            for (int j = 0; j < columns; j++)
                GradientStore.Store(new Lane<T>(total[j]), scale, keep, to + j);
        }
    }

    private static int Tiles(ConvolutionGeometry geometry) => (geometry.Depth + PatchTile<T, TLanes>.Rows - 1) / PatchTile<T, TLanes>.Rows;

    private static int RowsOfBand(GatherPhase phase) => Math.Clamp(PositionsOfBand / phase.Columns, 1, phase.Rows);

    /// <summary>
    /// Packs some columns of the gradients, padded with zeros to a tile's columns, and adds each column to its sum, in order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackAndSum(T* from, int step, int positions, int columns, T* packed, T* sum)
    {
        int width = TLanes.Count;
        int tile = PatchTile<T, TLanes>.Columns;
        if (columns < tile)
        {
            for (int i = 0; i < positions; i++, from += step, packed += tile)
            {
                for (int j = 0; j < columns; j++)
                {
                    packed[j] = from[j];
                    sum[j] += from[j];
                }
                for (int j = columns; j < tile; j++)
                    packed[j] = T.Zero;
            }
            return;
        }
        (TLanes leftSum, TLanes rightSum) = (TLanes.Load(in *sum), TLanes.Load(in sum[width]));
        for (int i = 0; i < positions; i++, from += step, packed += tile)
        {
            (TLanes left, TLanes right) = (TLanes.Load(in *from), TLanes.Load(in from[width]));
            left.Store(ref *packed);
            right.Store(ref packed[width]);
            leftSum += left;
            rightSum += right;
        }
        leftSum.Store(ref *sum);
        rightSum.Store(ref sum[width]);
    }
}
