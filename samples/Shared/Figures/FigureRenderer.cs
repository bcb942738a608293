using System.Text;
using ScottPlot;
using SkiaSharp;

namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>Draws figures as PNG and SVG, and single panels as SVG for the report.</summary>
public static class FigureRenderer
{
    private const int PanelWidth = 560;
    private const int PanelHeight = 340;

    // Twice the size in pixels, so that a PNG is sharp on paper and on dense screens.
    private const int PngScale = 2;

    /// <summary>A whole figure as PNG.</summary>
    public static byte[] Png(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        (int width, int height) = SizeOf(figure);
        using var bitmap = new SKBitmap(width * PngScale, height * PngScale);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Scale(PngScale);
            Draw(figure, canvas);
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A whole figure as SVG.</summary>
    public static string Svg(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        (int width, int height) = SizeOf(figure);
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
            Draw(figure, canvas);
        return Portable(Encoding.UTF8.GetString(stream.ToArray()), width, height);
    }

    /// <summary>One panel as SVG, to stand on a light or a dark ground.</summary>
    public static string PanelSvg(Panel panel, bool isDark)
    {
        using Plot plot = PanelPlot.Create(panel, isDark ? FigureTheme.Dark : FigureTheme.Light with { Background = Colors.Transparent });
        return Portable(plot.GetSvgXml(PanelWidth, PanelHeight), PanelWidth, PanelHeight);
    }

    private static (int Width, int Height) SizeOf(Figure figure)
    {
        int rows = (figure.Panels.Count + figure.Columns - 1) / figure.Columns;
        return (figure.Columns * PanelWidth, rows * PanelHeight);
    }

    private static void Draw(Figure figure, SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            using Plot plot = PanelPlot.Create(figure.Panels[i], FigureTheme.Light);
            int left = i % figure.Columns * PanelWidth, top = i / figure.Columns * PanelHeight;
            plot.Render(canvas, new PixelRect(left, left + PanelWidth, top + PanelHeight, top));
        }
    }

    /// <summary>Gives an SVG the means to be scaled, and fonts to fall back on where a viewer lacks the one it was drawn with.</summary>
    private static string Portable(string svg, int width, int height)
    {
        var text = new StringBuilder(svg);
        if (!svg.Contains("viewBox", StringComparison.Ordinal))
            text.Replace("<svg ", $"<svg viewBox=\"0 0 {width} {height}\" ", 0, Math.Min(svg.Length, 400));
        text.Replace($"font-family=\"{EmbeddedFont.Name}\"", $"font-family=\"{EmbeddedFont.Name}, Verdana, Arial, sans-serif\"");
        return text.ToString();
    }
}
