namespace DeepLearn.Kernels.Convolution;

/// <summary>A convolution of one example: its two axes and its channels. Images are <c>[height, width, channels]</c>.</summary>
/// <param name="Vertical">The axis of rows.</param>
/// <param name="Horizontal">The axis of columns.</param>
/// <param name="Channels">The channels of the input.</param>
/// <param name="Filters">The channels of the output.</param>
/// <param name="Groups">Into how many groups both are divided; a filter sees the channels of its own group alone.</param>
internal sealed record ConvolutionGeometry(ConvolutionAxis Vertical, ConvolutionAxis Horizontal, int Channels, int Filters, int Groups)
{
    /// <summary>The number of positions of a kernel.</summary>
    public int Taps => Vertical.Kernel * Horizontal.Kernel;

    /// <summary>The input channels of a group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>The filters of a group.</summary>
    public int GroupFilters => Filters / Groups;

    /// <summary>The numbers that one output sums over: the rows of the weight matrix <c>[taps * group channels, filters]</c>.</summary>
    public int Depth => Taps * GroupChannels;

    /// <summary>The numbers of one input example.</summary>
    public int InputCount => Vertical.Input * Horizontal.Input * Channels;

    /// <summary>The output positions of one example.</summary>
    public int Positions => Vertical.Output * Horizontal.Output;

    /// <summary>Whether each channel has one filter of its own.</summary>
    public bool IsDepthwise => Groups == Channels && Filters == Channels;
}
