using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>Orders of the axes of images.</summary>
internal static class PixelOrders
{
    private const int MostColors = 4;

    /// <summary>The order of arrays of examples, which say nothing of it themselves.</summary>
    /// <param name="shape">The shape of an example.</param>
    /// <param name="order">The order, where the caller knows it.</param>
    /// <param name="source">Where the array is from.</param>
    /// <exception cref="InvalidDataException">
    /// The caller does not know it, and the shape looks like that of a planar image: a network would take its rows for channels.
    /// </exception>
    public static PixelOrder Of(Shape shape, PixelOrder? order, string source)
    {
        if (order is { } known)
        {
            return Enum.IsDefined(known)
                ? known
                : throw new ArgumentOutOfRangeException(nameof(order), $"The order of pixels is ChannelsLast or Planar; found {known}.");
        }
        bool looksPlanar = shape.Rank == 3 && shape[0] is 1 or 3 or MostColors && shape[2] > MostColors;
        return !looksPlanar
            ? PixelOrder.ChannelsLast
            : throw new InvalidDataException(
                $"{source}: examples of shape {shape} look like planar images, [channels, height, width]; expected "
                + $"[height, width, channels] where nothing else is said. Say which they are by the argument 'order'.");
    }

    /// <summary>The shape of an image in another order.</summary>
    public static Shape Reordered(Shape shape, PixelOrder order) =>
        order == PixelOrder.ChannelsLast ? new(shape[1], shape[2], shape[0]) : new(shape[2], shape[0], shape[1]);

    /// <summary>Of each element of an image in one order, its place in the image in the other order.</summary>
    /// <param name="layout">The image in the order that is wanted.</param>
    public static int[] Places(ImageLayout layout)
    {
        ImageLayout other = layout with { Order = layout.Order == PixelOrder.ChannelsLast ? PixelOrder.Planar : PixelOrder.ChannelsLast };
        var places = new int[layout.Count];
        for (int row = 0; row < layout.Height; row++)
        {
            for (int column = 0; column < layout.Width; column++)
            {
                for (int channel = 0; channel < layout.Channels; channel++)
                {
                    places[Place(layout, row, column, channel)] = Place(other, row, column, channel);
                }
            }
        }
        return places;
    }

    private static int Place(ImageLayout layout, int row, int column, int channel) =>
        (row * layout.RowStride) + (column * layout.ColumnStride) + (channel * layout.ChannelStride);
}
