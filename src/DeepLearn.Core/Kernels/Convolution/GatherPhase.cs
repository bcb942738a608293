namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A grid of results that all read the source through the same taps. Taps whose channels are adjacent in memory are joined into one
/// segment, so that the inner loop is long.
/// </summary>
internal sealed class GatherPhase
{
    /// <summary>
    /// The most products that one sweep over the grid adds to each result. It is limited so that a panel of weights stays in the L1 cache.
    /// </summary>
    private const int DepthOfSweep = 256;

    public GatherPhase(
        AxisPhase rows,
        AxisPhase columns,
        int kernelWidth,
        int sourceWidth,
        int sourceChannels,
        int groups,
        int resultWidth,
        int resultChannels)
    {
        Rows = rows.Count;
        Columns = columns.Count;
        SourceRowStep = rows.SourceStep * sourceWidth * sourceChannels;
        SourceColumnStep = columns.SourceStep * sourceChannels;
        ResultStart = ((rows.First * resultWidth) + columns.First) * resultChannels;
        ResultRowStep = rows.Step * resultWidth * resultChannels;
        ResultColumnStep = columns.Step * resultChannels;

        int channels = sourceChannels / groups;
        var taps = new List<(int Row, int Column)>();
        var tapOffsets = new List<int>();
        var segments = new List<(int Offset, int Length)>();
        foreach ((int tapRow, int row) in rows.Taps)
        {
            foreach ((int tapColumn, int column) in columns.Taps)
            {
                int offset = ((row * sourceWidth) + column) * sourceChannels;
                taps.Add((tapRow, tapColumn));
                tapOffsets.Add(offset);
                if (groups == 1 && segments.Count > 0 && segments[^1].Offset + segments[^1].Length == offset)
                    segments[^1] = (segments[^1].Offset, segments[^1].Length + channels);
                else
                    segments.Add((offset, channels));
            }
        }
        Taps = [.. taps];
        TapOffsets = [.. tapOffsets];
        TapWeights = [.. taps.Select(tap => ((tap.Row * kernelWidth) + tap.Column) * sourceChannels)];
        Depth = Taps.Length * channels;
        (Sweeps, Offsets, Lengths) = Cut(segments);
    }

    /// <summary>The grid of results.</summary>
    public int Rows { get; }

    public int Columns { get; }

    /// <summary>How far the source moves for the next row and the next column of the grid, in numbers.</summary>
    public int SourceRowStep { get; }

    public int SourceColumnStep { get; }

    /// <summary>Where the first result is in the result's image, and the distances to the next row and the next column.</summary>
    public int ResultStart { get; }

    public int ResultRowStep { get; }

    public int ResultColumnStep { get; }

    /// <summary>The taps in the order in which they are summed, as rows and columns of the kernel.</summary>
    public (int Row, int Column)[] Taps { get; }

    /// <summary>Where each tap reads, as an offset in the padded source.</summary>
    public int[] TapOffsets { get; }

    /// <summary>Where the weights of each tap begin in a matrix <c>[taps, channels]</c>, as a depthwise convolution reads them.</summary>
    public int[] TapWeights { get; }

    /// <summary>The number of products that a result sums.</summary>
    public int Depth { get; }

    /// <summary>
    /// The sweeps over the grid: each one's first segment, number of segments and depth. There is at least one; its depth is 0 where there
    /// are no taps.
    /// </summary>
    public (int Segment, int Segments, int Depth)[] Sweeps { get; }

    /// <summary>Where each segment begins in the padded source.</summary>
    public int[] Offsets { get; }

    /// <summary>How long each segment is.</summary>
    public int[] Lengths { get; }

    private static ((int Segment, int Segments, int Depth)[] Sweeps, int[] Offsets, int[] Lengths) Cut(
        List<(int Offset, int Length)> segments)
    {
        var sweeps = new List<(int, int, int)>();
        var offsets = new List<int>();
        var lengths = new List<int>();
        int first = 0, depth = 0;
        foreach ((int start, int whole) in segments)
        {
            int offset = start, length = whole;
            while (length > 0)
            {
                int part = Math.Min(length, DepthOfSweep - depth);
                offsets.Add(offset);
                lengths.Add(part);
                offset += part;
                length -= part;
                depth += part;
                if (depth == DepthOfSweep)
                {
                    sweeps.Add((first, offsets.Count - first, depth));
                    (first, depth) = (offsets.Count, 0);
                }
            }
        }
        if (depth > 0 || sweeps.Count == 0)
            sweeps.Add((first, offsets.Count - first, depth));
        return ([.. sweeps], [.. offsets], [.. lengths]);
    }
}
