using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The tiles of a stack of images, and the square of places of one of the images that each of them sees.</summary>
/// <param name="Down">The tiles of an image's height.</param>
/// <param name="Across">The tiles of its width.</param>
/// <param name="Step">How far apart the squares of neighboring tiles begin.</param>
/// <param name="Top">The row where the square of the first tile begins; below 0 within the padding.</param>
/// <param name="Left">The column where it begins.</param>
/// <param name="Side">The side of a square.</param>
/// <param name="Height">The rows of an image.</param>
/// <param name="Width">The columns of an image.</param>
/// <param name="Channels">The channels of an image.</param>
internal readonly record struct WinogradGrid(
    int Down, int Across, int Step, int Top, int Left, int Side, int Height, int Width, int Channels)
{
    /// <summary>The tiles of an image.</summary>
    public int Tiles => Down * Across;

    /// <summary>Finds the places of a tile's square in its image.</summary>
    /// <param name="images">The first image.</param>
    /// <param name="stride">From one image to the next.</param>
    /// <param name="tile">The number of the tile, image after image, row after row.</param>
    /// <param name="outside">What stands for the places outside the image.</param>
    /// <param name="places">Where the places go, row after row.</param>
    public unsafe void Find<T>(T* images, nint stride, int tile, T* outside, T** places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int image, int inImage) = Math.DivRem(tile, Tiles);
        (int down, int across) = Math.DivRem(inImage, Across);
        int top = (down * Step) + Top, left = (across * Step) + Left;
        T* first = images + (image * stride);
        for (int row = top; row < top + Side; row++)
        {
            T* line = first + ((nint)row * Width * Channels);
            bool isInside = (uint)row < (uint)Height;
            for (int column = left; column < left + Side; column++)
                *places++ = isInside && (uint)column < (uint)Width ? line + ((nint)column * Channels) : outside;
        }
    }
}
