namespace DeepLearn.Images;

/// <summary>An image in memory: rows of pixels, the channels of a pixel together.</summary>
internal sealed record Pixels(int Height, int Width, int Channels, byte[] Bytes)
{
    /// <summary>The image in gray or in color; transparency, the second or fourth channel, is left out.</summary>
    public Pixels WithChannels(int channels)
    {
        if (channels == Channels)
            return this;
        var bytes = new byte[Height * Width * channels];
        for (int from = 0, to = 0; to < bytes.Length; from += Channels, to += channels)
        {
            if (channels == 1)
                bytes[to] = Channels < 3 ? Bytes[from] : Luma(Bytes.AsSpan(from, 3));
            else if (Channels < 3)
                bytes.AsSpan(to, 3).Fill(Bytes[from]);
            else
                Bytes.AsSpan(from, 3).CopyTo(bytes.AsSpan(to));
        }
        return new(Height, Width, channels, bytes);
    }

    /// <summary>A part of the image.</summary>
    public Pixels Crop(int top, int left, int height, int width)
    {
        if (height == Height && width == Width)
            return this;
        var bytes = new byte[height * width * Channels];
        int line = width * Channels;
        for (int row = 0; row < height; row++)
            Bytes.AsSpan((((top + row) * Width) + left) * Channels, line).CopyTo(bytes.AsSpan(row * line));
        return new(height, width, Channels, bytes);
    }

    /// <summary>The image in the center of a black one.</summary>
    public Pixels Centered(int height, int width)
    {
        if (height == Height && width == Width)
            return this;
        var bytes = new byte[height * width * Channels];
        int top = (height - Height) / 2, left = (width - Width) / 2, line = Width * Channels;
        for (int row = 0; row < Height; row++)
            Bytes.AsSpan(row * line, line).CopyTo(bytes.AsSpan((((top + row) * width) + left) * Channels));
        return new(height, width, Channels, bytes);
    }

    /// <summary>The image as a viewer shows it, by its Exif orientation, from 1 (as it is) to 8.</summary>
    public Pixels Upright(int orientation)
    {
        if (orientation is < 2 or > 8)
            return this;
        bool isTurned = orientation >= 5;
        (int height, int width) = isTurned ? (Width, Height) : (Height, Width);
        var bytes = new byte[Bytes.Length];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (int fromRow, int fromColumn) = orientation switch
                {
                    2 => (row, Width - 1 - column),
                    3 => (Height - 1 - row, Width - 1 - column),
                    4 => (Height - 1 - row, column),
                    5 => (column, row),
                    6 => (Height - 1 - column, row),
                    7 => (Height - 1 - column, Width - 1 - row),
                    _ => (column, Width - 1 - row),
                };
                int from = ((fromRow * Width) + fromColumn) * Channels;
                Bytes.AsSpan(from, Channels).CopyTo(bytes.AsSpan(((row * width) + column) * Channels));
            }
        }
        return new(height, width, Channels, bytes);
    }

    // In 16 bits, rounded to nearest.
    private static byte Luma(ReadOnlySpan<byte> color) =>
        (byte)(((color[0] * 19595) + (color[1] * 38470) + (color[2] * 7471) + 32768) >> 16);
}
