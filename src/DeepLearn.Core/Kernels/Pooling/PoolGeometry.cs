using DeepLearn.Kernels.Convolution;

namespace DeepLearn.Kernels.Pooling;

/// <summary>A pooling of one example: its two axes and its channels. Images are <c>[height, width, channels]</c>.</summary>
/// <param name="Vertical">The axis of rows.</param>
/// <param name="Horizontal">The axis of columns.</param>
/// <param name="Channels">The channels.</param>
internal sealed record PoolGeometry(ConvolutionAxis Vertical, ConvolutionAxis Horizontal, int Channels)
{
    /// <summary>The numbers of one input example.</summary>
    public int InputCount => Vertical.Input * Horizontal.Input * Channels;

    /// <summary>The numbers of one output example.</summary>
    public int OutputCount => Vertical.Output * Horizontal.Output * Channels;

    /// <summary>The part of a window that lies within the image, along one axis: from the first input to before the end.</summary>
    public static (int First, int End) Window(ConvolutionAxis axis, int output)
    {
        int start = (output * axis.Stride) - axis.Before;
        return (Math.Max(0, start), Math.Min(axis.Input, start + axis.Kernel));
    }
}
