using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// The extents of an image and the order of its elements in an example, and the distances between neighbors in elements.
/// </summary>
/// <param name="Height">The number of rows of pixels, at least 1.</param>
/// <param name="Width">The number of columns of pixels, at least 1.</param>
/// <param name="Channels">The number of channels, at least 1: 3 for colors, 1 for gray.</param>
/// <param name="Order">The order of the elements.</param>
public readonly record struct ImageLayout(int Height, int Width, int Channels, PixelOrder Order)
{
    /// <summary>The distance from a pixel to the one below it.</summary>
    public int RowStride => Order == PixelOrder.ChannelsLast ? Width * Channels : Width;

    /// <summary>The distance from a pixel to the one on its right.</summary>
    public int ColumnStride => Order == PixelOrder.ChannelsLast ? Channels : 1;

    /// <summary>The distance from one channel of a pixel to the next.</summary>
    public int ChannelStride => Order == PixelOrder.ChannelsLast ? 1 : Height * Width;

    /// <summary>
    /// The number of contiguous lines: the rows of the image; in planar order the rows of every channel. Line l belongs to row
    /// <c>l % Height</c>.
    /// </summary>
    public int Lines => Order == PixelOrder.ChannelsLast ? Height : Channels * Height;

    /// <summary>The number of elements of a line.</summary>
    public int LineLength => Width * ColumnStride;

    /// <summary>The number of elements of an image.</summary>
    public int Count => Height * Width * Channels;

    /// <summary>The layout of the images of a data set.</summary>
    /// <param name="description">What its examples look like.</param>
    /// <exception cref="ArgumentException">Its examples are not images: they have not three axes.</exception>
    public static ImageLayout Of(DatasetDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        Shape shape = description.ExampleShape;
        if (shape.Rank != 3)
        {
            throw new ArgumentException(
                $"An image has three axes, [height, width, channels] or, planar, [channels, height, width]; found examples of shape "
                + $"{shape}.",
                nameof(description));
        }
        return description.Order == PixelOrder.ChannelsLast
            ? new(shape[0], shape[1], shape[2], PixelOrder.ChannelsLast)
            : new(shape[1], shape[2], shape[0], PixelOrder.Planar);
    }
}
