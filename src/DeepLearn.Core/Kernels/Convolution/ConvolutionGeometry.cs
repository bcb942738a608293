namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The shape of a convolution of one image <c>[height, width, channels]</c>: its two axes, channels, filters and groups. Immutable.
/// </summary>
public sealed record ConvolutionGeometry
{
    /// <summary>A convolution.</summary>
    /// <param name="vertical">The axis of rows, with at least one output.</param>
    /// <param name="horizontal">The axis of columns, with at least one output.</param>
    /// <param name="channels">The channels of the input, at least 1.</param>
    /// <param name="filters">The channels of the output, at least 1.</param>
    /// <param name="groups">
    /// The number of groups into which channels and filters are divided; it divides both. A filter sees only the channels of its own group.
    /// Default 1.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A number is below 1, the groups do not divide channels or filters, no window fits, or <see cref="IsAddressable"/> is false.
    /// </exception>
    public ConvolutionGeometry(WindowAxis vertical, WindowAxis horizontal, int channels, int filters, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(vertical);
        ArgumentNullException.ThrowIfNull(horizontal);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (channels % groups != 0 || filters % groups != 0)
        {
            throw new ArgumentException(
                $"Expected groups that divide {channels} channels and {filters} filters; found {groups}.", nameof(groups));
        }
        if (vertical.Output < 1 || horizontal.Output < 1)
        {
            throw new ArgumentException(
                $"Expected images that with their padding are at least {vertical.Span}x{horizontal.Span}; found "
                + $"{vertical.Input + vertical.Before + vertical.After}x{horizontal.Input + horizontal.Before + horizontal.After}.");
        }
        if (!IsAddressable(vertical, horizontal, channels, filters))
        {
            throw new ArgumentException(
                $"Expected smaller images or kernels; found {vertical}, {horizontal}, {channels} to {filters} channels.");
        }
        (Vertical, Horizontal, Channels, Filters, Groups) = (vertical, horizontal, channels, filters, groups);
    }

    /// <summary>The axis of rows.</summary>
    public WindowAxis Vertical { get; }

    /// <summary>The axis of columns.</summary>
    public WindowAxis Horizontal { get; }

    /// <summary>The channels of the input.</summary>
    public int Channels { get; }

    /// <summary>The channels of the output.</summary>
    public int Filters { get; }

    /// <summary>
    /// The number of groups into which channels and filters are divided; a filter sees only the channels of its own group.
    /// </summary>
    public int Groups { get; }

    /// <summary>The number of elements of a kernel, <c>height * width</c>.</summary>
    public int Taps => Vertical.Kernel * Horizontal.Kernel;

    /// <summary>The input channels of a group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>The filters of a group.</summary>
    public int GroupFilters => Filters / Groups;

    /// <summary>
    /// The number of products that one output sums; the rows of the weight matrix <c>[taps * group channels, filters]</c>.
    /// </summary>
    public int Depth => Taps * GroupChannels;

    /// <summary>The numbers of one input example.</summary>
    public int InputCount => Vertical.Input * Horizontal.Input * Channels;

    /// <summary>The output positions of one example.</summary>
    public int Positions => Vertical.Output * Horizontal.Output;

    /// <summary>The numbers of one output example.</summary>
    public int OutputCount => Positions * Filters;

    /// <summary>Whether each channel has one filter of its own.</summary>
    public bool IsDepthwise => Groups == Channels && Filters == Channels;

    /// <summary>
    /// Whether the arrays of such a convolution can be allocated and indexed. The limits are a quarter of the longest array for a padded
    /// image, and a sixteenth of it for a patch of all channels.
    /// </summary>
    /// <param name="vertical">The axis of rows.</param>
    /// <param name="horizontal">The axis of columns.</param>
    /// <param name="channels">The channels of the input.</param>
    /// <param name="filters">The channels of the output.</param>
    public static bool IsAddressable(WindowAxis vertical, WindowAxis horizontal, int channels, int filters)
    {
        ArgumentNullException.ThrowIfNull(vertical);
        ArgumentNullException.ThrowIfNull(horizontal);
        UInt128 padded = (UInt128)Padded(vertical) * Padded(horizontal) * (ulong)Math.Max(channels, filters);
        UInt128 patch = (UInt128)(ulong)vertical.Kernel * (ulong)horizontal.Kernel * (ulong)channels;
        return padded < (ulong)(Array.MaxLength / 4) && patch < (ulong)(Array.MaxLength / 16);

        static ulong Padded(WindowAxis axis) => (ulong)axis.Input + (ulong)axis.Before + (ulong)axis.After;
    }
}
