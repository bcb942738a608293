using DeepLearn.Kernels.Convolution;

namespace DeepLearn.Kernels.Pooling;

/// <summary>The shape of a pooling of one image <c>[height, width, channels]</c>: its two axes and its channels. Immutable.</summary>
public sealed record PoolGeometry
{
    /// <summary>A pooling, each window of which overlaps the image.</summary>
    /// <param name="vertical">The axis of rows: no dilation, and less padding on either side than the window is long.</param>
    /// <param name="horizontal">The axis of columns, likewise.</param>
    /// <param name="channels">The channels, at least 1.</param>
    /// <exception cref="ArgumentException">
    /// An axis is dilated, has too much padding or no output; or an image has more numbers than an array can hold.
    /// </exception>
    public PoolGeometry(WindowAxis vertical, WindowAxis horizontal, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Check(vertical, nameof(vertical));
        Check(horizontal, nameof(horizontal));
        long inputs = (long)vertical.Input * horizontal.Input, outputs = (long)vertical.Output * horizontal.Output;
        if (Math.Max(inputs, outputs) > Array.MaxLength / channels)
            throw new ArgumentException($"Expected images of at most {Array.MaxLength} numbers; found {vertical}, {horizontal}.");
        (Vertical, Horizontal, Channels) = (vertical, horizontal, channels);
    }

    /// <summary>The axis of rows.</summary>
    public WindowAxis Vertical { get; }

    /// <summary>The axis of columns.</summary>
    public WindowAxis Horizontal { get; }

    /// <summary>The channels.</summary>
    public int Channels { get; }

    /// <summary>The numbers of one input example.</summary>
    public int InputCount => Vertical.Input * Horizontal.Input * Channels;

    /// <summary>The numbers of one output example.</summary>
    public int OutputCount => Vertical.Output * Horizontal.Output * Channels;

    /// <summary>The part of a window that lies within the image, along one axis: its first input, and one past its last.</summary>
    internal static (int First, int End) Window(WindowAxis axis, int output)
    {
        int start = (output * axis.Stride) - axis.Before;
        return (Math.Max(0, start), Math.Min(axis.Input, start + axis.Kernel));
    }

    private static void Check(WindowAxis axis, string name)
    {
        ArgumentNullException.ThrowIfNull(axis, name);
        if (axis.Dilation != 1 || axis.Before >= axis.Kernel || axis.After >= axis.Kernel || axis.Output < 1)
        {
            throw new ArgumentException(
                $"Expected an axis without dilation, with an output, and with less padding than its window; found {axis}.", name);
        }
    }
}
