using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// How the results of a convolution read its source, forward or backward: the padding of the source and the grids of results. The gradient
/// of the input is gathered too. So nothing is scattered, and each result is one sum in one order.
/// </summary>
internal sealed class GatherPlan
{
    /// <summary>The most channels of results that are computed with lanes along the columns of the image.</summary>
    public const int MostPlanarChannels = 3;

    /// <summary>The fewest positions of a padded source for that: with fewer, the last tile would be most of the work.</summary>
    private const int LeastPlanarPositions = 128;

    private readonly AxisPlan _vertical;
    private readonly AxisPlan _horizontal;

    private GatherPlan(
        AxisPlan vertical,
        AxisPlan horizontal,
        int kernelWidth,
        int sourceChannels,
        int groups,
        int resultWidth,
        int resultChannels,
        int mostOfSweep)
    {
        _vertical = vertical;
        _horizontal = horizontal;
        SourceChannels = sourceChannels;
        ResultChannels = resultChannels;
        Groups = groups;
        Phases = [.. from rows in vertical.Phases
                     from columns in horizontal.Phases
                     select new GatherPhase(
                         vertical,
                         rows,
                         horizontal,
                         columns,
                         kernelWidth,
                         sourceChannels,
                         groups,
                         resultWidth,
                         resultChannels,
                         mostOfSweep)];
        MostRows = Phases.Max(phase => phase.Rows);
        bool isDepthwise = groups == sourceChannels && sourceChannels == resultChannels;
        TakesRows = isDepthwise && Phases is [var phase] && phase.TakesRows(sourceChannels);
    }

    public int SourceChannels { get; }

    public int ResultChannels { get; }

    public int Groups { get; }

    /// <summary>The grids of results; together they cover every result once.</summary>
    public GatherPhase[] Phases { get; }

    /// <summary>The most rows of a grid.</summary>
    public int MostRows { get; }

    /// <summary>Whether the source must be copied into a zero-padded image before it is read.</summary>
    public bool IsPadded => _vertical.Padded != _vertical.Extent || _horizontal.Padded != _horizontal.Extent;

    /// <summary>Whether gradients of inputs are computed by <see cref="PlanarProduct{T, TLanes}"/>.</summary>
    public bool IsPlanar =>
        Groups == 1 && ResultChannels <= MostPlanarChannels && PaddedCount / SourceChannels >= LeastPlanarPositions;

    /// <summary>
    /// Whether a depthwise convolution is computed by <see cref="DepthwiseRows{T, TLanes, TTaps}"/>, from the source as it is.
    /// </summary>
    public bool TakesRows { get; }

    /// <summary>The numbers of the padded source of one example.</summary>
    public int PaddedCount => _vertical.Padded * _horizontal.Padded * SourceChannels;

    /// <summary>The columns of the padded source.</summary>
    public int PaddedWidth => _horizontal.Padded;

    /// <summary>The rows of the source without padding.</summary>
    public int SourceHeight => _vertical.Extent;

    /// <summary>The columns of the source without padding.</summary>
    public int SourceWidth => _horizontal.Extent;

    /// <summary>The rows of zeros before the source.</summary>
    public int RowsBefore => _vertical.Before;

    /// <summary>The columns of zeros before the source.</summary>
    public int ColumnsBefore => _horizontal.Before;

    /// <summary>The outputs gather from the input.</summary>
    public static GatherPlan Forward(ConvolutionGeometry geometry, int mostOfSweep = GatherPart.MostOfSweep) => new(
        AxisPlan.Forward(geometry.Vertical),
        AxisPlan.Forward(geometry.Horizontal),
        geometry.Horizontal.Kernel,
        geometry.Channels,
        geometry.Groups,
        geometry.Horizontal.Output,
        geometry.Filters,
        mostOfSweep);

    /// <summary>The gradients of the inputs gather from the gradients of the outputs.</summary>
    public static GatherPlan Backward(ConvolutionGeometry geometry, int mostOfSweep = GatherPart.MostOfSweep) => new(
        AxisPlan.Backward(geometry.Vertical),
        AxisPlan.Backward(geometry.Horizontal),
        geometry.Horizontal.Kernel,
        geometry.Filters,
        geometry.Groups,
        geometry.Horizontal.Input,
        geometry.Channels,
        mostOfSweep);

    /// <summary>
    /// The padded source of one example: the source itself where no padding is needed, else a copy within a zero-padded scratch image.
    /// </summary>
    /// <param name="source">The example.</param>
    /// <param name="scratch">An image of <see cref="PaddedCount"/> numbers whose border is zero, and stays so.</param>
    public unsafe T* Pad<T>(T* source, T* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsPadded)
            return source;
        int width = _horizontal.Extent * SourceChannels;
        int paddedWidth = _horizontal.Padded * SourceChannels;
        T* destination = scratch + (_vertical.Before * paddedWidth) + (_horizontal.Before * SourceChannels);
        for (int row = 0; row < _vertical.Extent; row++)
            new ReadOnlySpan<T>(source + ((nint)row * width), width).CopyTo(new Span<T>(destination + ((nint)row * paddedWidth), width));
        return scratch;
    }
}
