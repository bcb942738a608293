namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A part of a phase's grid whose results all see the same taps within the source: its inside, an edge or a corner. Taps that fall on the
/// padding are not there, so nothing is multiplied by their zeros. Where the taps' channels follow each other in memory, several taps are
/// one segment, so that the inner loop runs long.
/// </summary>
internal sealed class GatherPart
{
    /// <summary>
    /// The most numbers of a source that one sweep over the grid reads for a result: a panel of weights stays in the L1 cache then. Sweeps
    /// are of one length: three of 192 leave room for the patches, where two of 256 and a short third would not.
    /// </summary>
    public const int MostOfSweep = 256;

    /// <summary>The same for panels of twice as many columns.</summary>
    public const int MostOfBroadSweep = 192;

    /// <summary>A part.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="columnTaps">The taps that the whole phase has in a row of the kernel.</param>
    /// <param name="sourceWidth">The columns of the source.</param>
    /// <param name="sourceChannels">Its channels.</param>
    /// <param name="groups">The groups that they are divided into.</param>
    /// <param name="mostOfSweep">The most numbers of a source that a sweep reads for a result.</param>
    public GatherPart(AxisRange rows, AxisRange columns, int columnTaps, int sourceWidth, int sourceChannels, int groups, int mostOfSweep)
    {
        (FirstRow, Rows, FirstColumn, Columns) = (rows.First, rows.Count, columns.First, columns.Count);
        int channels = sourceChannels / groups;
        var segments = new List<(int Offset, int Length, int Start)>();
        foreach ((int tapRow, int row) in rows.Taps)
        {
            foreach ((int tapColumn, int column) in columns.Taps)
            {
                int offset = ((row * sourceWidth) + column) * sourceChannels, start = ((tapRow * columnTaps) + tapColumn) * channels;
                if (groups == 1 && segments.Count > 0 && Follows(segments[^1], offset, start))
                    segments[^1] = segments[^1] with { Length = segments[^1].Length + channels };
                else
                    segments.Add((offset, channels, start));
            }
        }
        (Sweeps, Offsets, Lengths, Starts) = Cut(segments, mostOfSweep);
    }

    /// <summary>The results, as rows and columns of the phase's grid.</summary>
    public int FirstRow { get; }

    public int Rows { get; }

    public int FirstColumn { get; }

    public int Columns { get; }

    /// <summary>The sweeps over the grid: the first segment of each and how many. At least one, of none where there are no taps.</summary>
    public (int Segment, int Segments)[] Sweeps { get; }

    /// <summary>Where each segment reads, from where a result with no padding before it would begin.</summary>
    public int[] Offsets { get; }

    /// <summary>How long each segment is.</summary>
    public int[] Lengths { get; }

    /// <summary>Which of a panel's rows of weights is the first of each segment.</summary>
    public int[] Starts { get; }

    private static bool Follows((int Offset, int Length, int Start) segment, int offset, int start) =>
        segment.Offset + segment.Length == offset && segment.Start + segment.Length == start;

    private static ((int Segment, int Segments)[] Sweeps, int[] Offsets, int[] Lengths, int[] Starts) Cut(
        List<(int Offset, int Length, int Start)> segments, int mostOfSweep)
    {
        var sweeps = new List<(int, int)>();
        List<int> offsets = [], lengths = [], starts = [];
        int first = 0, depth = 0, whole = segments.Sum(segment => segment.Length);
        int count = Math.Max(1, (whole + mostOfSweep - 1) / mostOfSweep), ofSweep = (whole + count - 1) / count;
        foreach ((int from, int all, int begin) in segments)
        {
            int offset = from, length = all, start = begin;
            while (length > 0)
            {
                int part = Math.Min(length, ofSweep - depth);
                offsets.Add(offset);
                lengths.Add(part);
                starts.Add(start);
                offset += part;
                start += part;
                length -= part;
                depth += part;
                if (depth == ofSweep)
                {
                    sweeps.Add((first, offsets.Count - first));
                    (first, depth) = (offsets.Count, 0);
                }
            }
        }
        if (depth > 0 || sweeps.Count == 0)
            sweeps.Add((first, offsets.Count - first));
        return ([.. sweeps], [.. offsets], [.. lengths], [.. starts]);
    }
}
