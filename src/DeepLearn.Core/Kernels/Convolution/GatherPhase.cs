namespace DeepLearn.Kernels.Convolution;

/// <summary>A grid of results that all gather through the same taps, of which those at an edge see some on the padding.</summary>
internal sealed class GatherPhase
{
    /// <summary>How many neighboring results <see cref="DepthwiseRows{T, TLanes, TTaps}"/> computes at once.</summary>
    public const int Eight = 8;

    /// <summary>The most rows of taps for that: where each of them reads is written to the stack.</summary>
    private const int MostRowTaps = 15;

    public GatherPhase(
        AxisPlan vertical,
        AxisPhase rows,
        AxisPlan horizontal,
        AxisPhase columns,
        int kernelWidth,
        int sourceChannels,
        int groups,
        int resultWidth,
        int resultChannels,
        int mostOfSweep)
    {
        Rows = rows.Count;
        Columns = columns.Count;
        PaddedRowStep = rows.SourceStep * horizontal.Padded * sourceChannels;
        SourceRowStep = rows.SourceStep * horizontal.Extent * sourceChannels;
        SourceColumnStep = columns.SourceStep * sourceChannels;
        ResultStart = ((rows.First * resultWidth) + columns.First) * resultChannels;
        ResultRowStep = rows.Step * resultWidth * resultChannels;
        ResultColumnStep = columns.Step * resultChannels;

        Taps = [.. from row in rows.Taps from column in columns.Taps select (row.Tap, column.Tap)];
        TapOffsets = [.. from row in rows.Taps
                         from column in columns.Taps
                         select ((row.Offset * horizontal.Padded) + column.Offset) * sourceChannels];
        SourceOffsets = [.. from row in rows.Taps
                            from column in columns.Taps
                            let place = ((row.Offset - vertical.Before) * horizontal.Extent) + column.Offset - horizontal.Before
                            select place * sourceChannels];
        RowTaps = rows.Taps.Length;
        ColumnTaps = columns.Taps.Length;
        TapWeights = [.. Taps.Select(tap => ((tap.Row * kernelWidth) + tap.Column) * sourceChannels)];
        TapRows = [.. from row in Enumerable.Range(0, rows.Taps.Length)
                      from column in columns.Taps
                      select rows.Inside(row, vertical.Before, vertical.Extent)];
        TapColumns = [.. from row in rows.Taps
                         from column in Enumerable.Range(0, columns.Taps.Length)
                         select columns.Inside(column, horizontal.Before, horizontal.Extent)];
        Depth = Taps.Length * (sourceChannels / groups);
        Parts = [.. from down in rows.Ranges(vertical.Before, vertical.Extent)
                    from across in columns.Ranges(horizontal.Before, horizontal.Extent)
                    select new GatherPart(down, across, columns.Taps.Length, horizontal.Extent, sourceChannels, groups, mostOfSweep)];
    }

    /// <summary>The grid of results.</summary>
    public int Rows { get; }

    public int Columns { get; }

    /// <summary>How far the padded source moves for the next row of the grid, in numbers.</summary>
    public int PaddedRowStep { get; }

    /// <summary>The same in the source without padding.</summary>
    public int SourceRowStep { get; }

    /// <summary>How far either moves for the next column.</summary>
    public int SourceColumnStep { get; }

    /// <summary>Where the first result is in the result's image, and the distances to the next row and the next column.</summary>
    public int ResultStart { get; }

    public int ResultRowStep { get; }

    public int ResultColumnStep { get; }

    /// <summary>The taps in the order in which they are summed, as rows and columns of the kernel.</summary>
    public (int Row, int Column)[] Taps { get; }

    /// <summary>Where each tap reads, as an offset in the padded source.</summary>
    public int[] TapOffsets { get; }

    /// <summary>The same in the source without padding; a result at an edge reads there only where the tap is not on the padding.</summary>
    public int[] SourceOffsets { get; }

    /// <summary>How many rows of taps there are.</summary>
    public int RowTaps { get; }

    /// <summary>How many taps are in a row of them.</summary>
    public int ColumnTaps { get; }

    /// <summary>
    /// Whether eight results of a row can be computed at once from the source as it is
    /// (<see cref="DepthwiseRows{T, TLanes, TTaps}"/>): three or five neighboring taps, with a stride of up to 2 where they are three,
    /// eight columns or more, and the tap in the middle never on the padding.
    /// </summary>
    /// <param name="channels">The channels of the source.</param>
    public bool TakesRows(int channels)
    {
        // Inputs that a stride steps over are a phase without taps.
        if (ColumnTaps is not (3 or 5) || RowTaps is 0 or > MostRowTaps || Columns < Eight || ResultColumnStep != channels)
            return false;
        if (SourceColumnStep != channels && (SourceColumnStep != 2 * channels || ColumnTaps != 3))
            return false;
        for (int tap = 1; tap < ColumnTaps; tap++)
        {
            if (SourceOffsets[tap] != SourceOffsets[tap - 1] + channels)
                return false;
        }
        return TapColumns[ColumnTaps / 2] == (0, Columns);
    }

    /// <summary>Where the weights of each tap begin in a matrix <c>[taps, channels]</c>, as a depthwise convolution reads them.</summary>
    public int[] TapWeights { get; }

    /// <summary>For each tap the rows of the grid where it sees the source itself, and not its padding.</summary>
    public (int First, int End)[] TapRows { get; }

    /// <summary>The same for columns.</summary>
    public (int First, int End)[] TapColumns { get; }

    /// <summary>How many numbers a result sums over, the padding counted in.</summary>
    public int Depth { get; }

    /// <summary>The grid's inside, edges and corners; together they cover every result once.</summary>
    public GatherPart[] Parts { get; }
}
