using ScottPlot;
using SkiaSharp;

namespace DeepLearn.Reporting.Figures;

/// <summary>Draws an <see cref="ImagePanel"/>, each pixel as a square with sharp edges.</summary>
internal static class ImagePlot
{
    // A small image is enlarged first, since viewers would smooth it.
    private const int LeastSide = 256;

    public static void Draw(Plot plot, ImagePanel panel)
    {
        if (panel.Height < 1 || panel.Width < 1 || panel.Pixels.Count != 3L * panel.Height * panel.Width)
        {
            throw new InvalidOperationException(
                $"A picture of {panel.Height}x{panel.Width} has {3L * panel.Height * panel.Width} bytes; found {panel.Pixels.Count}.");
        }
        int scale = Math.Max(1, LeastSide / Math.Max(panel.Height, panel.Width));
        using var bitmap = new SKBitmap(panel.Width * scale, panel.Height * scale, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                int pixel = 3 * ((y / scale * panel.Width) + (x / scale));
                bitmap.SetPixel(x, y, new SKColor(panel.Pixels[pixel], panel.Pixels[pixel + 1], panel.Pixels[pixel + 2]));
            }
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        plot.Add.ImageRect(new Image(data.ToArray()), new CoordinateRect(0, panel.Width, 0, panel.Height));
        plot.HideAxesAndGrid();
        plot.Axes.Title.IsVisible = true;
        plot.HideLegend();
        plot.Axes.SquareUnits();
        plot.Axes.SetLimits(0, panel.Width, 0, panel.Height);
    }
}
