using StbImageSharp;

namespace DeepLearn.Images;

/// <summary>Decodes PNG and JPEG after their headers have been checked.</summary>
/// <remarks>
/// The decoder is StbImageSharp, a managed port of stb_image (Barrett, public domain): small, without dependencies, and under a license
/// without obligations. ImageSharp asks for a paid license from version 3 on; SkiaSharp is native code. What it is given has been checked
/// here: the format, and that the size that the header announces can be in a file of this length.
/// </remarks>
internal static class ImageDecoder
{
    // Deflate makes at most a 1032nd of equal bytes; a JPEG needs at least a bit for each block of 8x8, of which it may have a few kinds.
    private const int LargestCompression = 1032;

    public static Pixels Decode(byte[] file, string name, long mostPixels)
    {
        ImageHeader header = ImageHeader.Read(file, name);
        long pixels = (long)header.Height * header.Width;
        if (header.Height < 1 || header.Width < 1 || pixels > mostPixels || pixels > Array.MaxLength / 4)
        {
            throw new InvalidDataException(
                $"{name}: expected an image of 1 to {Math.Min(mostPixels, Array.MaxLength / 4)} pixels; found "
                + $"{header.Height}x{header.Width}.");
        }
        long most = (long)file.Length * LargestCompression * (header.IsJpeg ? 1 : 8) / header.LeastBitsPerPixel;
        if (pixels > most)
        {
            throw new InvalidDataException(
                $"{name} is cut short: it announces {header.Height}x{header.Width} pixels; a file of {file.Length} bytes holds at most "
                + $"{most}.");
        }
        try
        {
            ImageResult result = ImageResult.FromMemory(file, ColorComponents.Default);
            int channels = (int)result.Comp;
            if (result.Height != header.Height || result.Width != header.Width || channels is < 1 or > 4
                || result.Data.Length < pixels * channels)
            {
                throw new InvalidDataException(
                    $"{name}: expected {header.Height}x{header.Width} pixels; found {result.Height}x{result.Width}.");
            }
            return new Pixels(header.Height, header.Width, channels, result.Data).Upright(header.Orientation);
        }
        catch (Exception exception) when (exception is not (InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{name} is damaged: {exception.Message}", exception);
        }
    }
}
