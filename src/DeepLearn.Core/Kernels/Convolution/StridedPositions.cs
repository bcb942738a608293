using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The positions of an image that a kernel of 1x1 with a stride sees: every so many rows and columns.</summary>
/// <param name="Rows">The rows that are seen.</param>
/// <param name="Columns">The columns.</param>
/// <param name="RowStep">From one to the next in an image, in numbers.</param>
/// <param name="ColumnStep">The same for columns.</param>
/// <param name="Channels">The channels of a position.</param>
/// <param name="ImageCount">The numbers of an image.</param>
internal sealed record StridedPositions(int Rows, int Columns, int RowStep, int ColumnStep, int Channels, int ImageCount)
{
    /// <summary>The positions that a convolution sees; null where it sees all.</summary>
    public static StridedPositions? Of(ConvolutionGeometry geometry)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        if (vertical.Stride == 1 && horizontal.Stride == 1)
            return null;
        int channels = geometry.Channels;
        return new(
            vertical.Output,
            horizontal.Output,
            vertical.Stride * horizontal.Input * channels,
            horizontal.Stride * channels,
            channels,
            geometry.InputCount);
    }

    /// <summary>Copies the positions of some images side by side.</summary>
    public unsafe void Gather<T>(ImageStack<T> images, int first, int count, T* to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int image = first; image < first + count; image++)
        {
            for (int row = 0; row < Rows; row++)
            {
                T* from = images[image] + ((nint)row * RowStep);
                for (int column = 0; column < Columns; column++, from += ColumnStep, to += Channels)
                    new ReadOnlySpan<T>(from, Channels).CopyTo(new Span<T>(to, Channels));
            }
        }
    }

    /// <summary>Copies them back into images that are 0 elsewhere.</summary>
    public unsafe void Scatter<T>(T* from, ImageStack<T> images, int first, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int image = first; image < first + count; image++)
        {
            new Span<T>(images[image], ImageCount).Clear();
            for (int row = 0; row < Rows; row++)
            {
                T* to = images[image] + ((nint)row * RowStep);
                for (int column = 0; column < Columns; column++, to += ColumnStep, from += Channels)
                    new ReadOnlySpan<T>(from, Channels).CopyTo(new Span<T>(to, Channels));
            }
        }
    }
}
