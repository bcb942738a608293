namespace DeepLearn.Kernels.Convolution;

/// <summary>A grid of results that all gather through the same taps, of which those at an edge see some on the padding.</summary>
internal sealed class GatherPhase
{
    public GatherPhase(
        AxisPlan vertical,
        AxisPhase rows,
        AxisPlan horizontal,
        AxisPhase columns,
        int kernelWidth,
        int sourceChannels,
        int groups,
        int resultWidth,
        int resultChannels)
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
                    select new GatherPart(down, across, columns.Taps.Length, horizontal.Extent, sourceChannels, groups)];
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
