using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The tiles into which the images of a batch are divided, and the square of an image that belongs to each tile.</summary>
/// <param name="Down">The number of tiles along an image's height.</param>
/// <param name="Across">The number of tiles along its width.</param>
/// <param name="Step">The distance between the squares of neighboring tiles.</param>
/// <param name="Top">The first row of the first tile's square; negative in the padding.</param>
/// <param name="Left">The first column of that square; negative in the padding.</param>
/// <param name="Side">The side of a square.</param>
/// <param name="Height">The rows of an image.</param>
/// <param name="Width">The columns of an image.</param>
/// <param name="Channels">The channels of an image.</param>
internal readonly record struct WinogradGrid(
    int Down, int Across, int Step, int Top, int Left, int Side, int Height, int Width, int Channels)
{
    /// <summary>The number of tiles of an image.</summary>
    public int Tiles => Down * Across;

    /// <summary>How many numbers of an image some tiles of it hold, where squares are as far apart as they are wide.</summary>
    /// <param name="first">The first tile, counted row by row.</param>
    /// <param name="tiles">How many.</param>
    public int Numbers(int first, int tiles)
    {
        int positions = 0;
        for (int tile = first; tile < first + tiles; tile++)
        {
            (int down, int across) = Math.DivRem(tile, Across);
            positions += Math.Min(Side, Height - (down * Step)) * Math.Min(Side, Width - (across * Step));
        }
        return positions * Channels;
    }

    /// <summary>How far it is from a tile to the one after the next: where memory may be asked for in advance.</summary>
    /// <param name="stride">The distance from one image to the next.</param>
    /// <param name="tile">The index of the tile.</param>
    public nint Ahead(nint stride, int tile)
    {
        (int image, int inImage) = Math.DivRem(tile, Tiles);
        (int down, int across) = Math.DivRem(inImage, Across);
        (int otherImage, inImage) = Math.DivRem(tile + 2, Tiles);
        (int otherDown, int otherAcross) = Math.DivRem(inImage, Across);
        return ((otherImage - image) * stride) + ((nint)(((otherDown - down) * Width) + otherAcross - across) * Step * Channels);
    }

    /// <summary>Finds the addresses of the elements of a tile's square.</summary>
    /// <param name="images">The first image.</param>
    /// <param name="stride">The distance from one image to the next.</param>
    /// <param name="tile">The index of the tile, counted image by image and row by row.</param>
    /// <param name="outside">The address that stands for elements outside the image.</param>
    /// <param name="places">Receives the addresses, row by row.</param>
    public unsafe void Find<T>(T* images, nint stride, int tile, T* outside, T** places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int image, int inImage) = Math.DivRem(tile, Tiles);
        (int down, int across) = Math.DivRem(inImage, Across);
        int top = (down * Step) + Top, left = (across * Step) + Left, side = Side, channels = Channels;
        nint step = (nint)Width * channels;
        T* line = images + (image * stride) + (top * step) + ((nint)left * channels);
        if (top >= 0 && left >= 0 && top + side <= Height && left + side <= Width)
        {
            for (int row = 0; row < side; row++, line += step)
            {
                T* place = line;
                for (int column = 0; column < side; column++, place += channels)
                    *places++ = place;
            }
            return;
        }
        for (int row = top; row < top + side; row++, line += step)
        {
            T* place = line;
            bool isInside = (uint)row < (uint)Height;
            for (int column = left; column < left + side; column++, place += channels)
                *places++ = isInside && (uint)column < (uint)Width ? place : outside;
        }
    }
}
