using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;

namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>Draws figures as PNG and SVG, and single panels as SVG for the report.</summary>
public static partial class FigureRenderer
{
    private const int PanelWidth = 480;
    private const int PanelHeight = 310;

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
            canvas.Clear(SKColors.White);
            canvas.Scale(PngScale);
            for (int i = 0; i < figure.Panels.Count; i++)
            {
                (int x, int y) = PlaceOf(figure, i);
                using Plot plot = PanelPlot.Create(figure.Panels[i], FigureTheme.Light);

                // A plot clears all that it can reach; the clip keeps it to its own place.
                canvas.Save();
                canvas.ClipRect(new SKRect(x, y, x + PanelWidth, y + PanelHeight));
                plot.Render(canvas, new PixelRect(x, x + PanelWidth, y + PanelHeight, y));
                canvas.Restore();
            }
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A whole figure as SVG.</summary>
    public static string Svg(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        (int width, int height) = SizeOf(figure);
        var svg = new StringBuilder(Head(width, height, ""));
        svg.Append("<rect fill=\"white\" width=\"100%\" height=\"100%\"/>\n");
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            (int x, int y) = PlaceOf(figure, i);
            svg.Append(Head(PanelWidth, PanelHeight, FormattableString.Invariant($"x=\"{x}\" y=\"{y}\" ")));
            svg.Append(Content(figure.Panels[i], FigureTheme.Light, FormattableString.Invariant($"p{i}-"))).Append("</svg>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>One panel as SVG, to stand on a light or a dark ground.</summary>
    public static string PanelSvg(Panel panel, bool isDark) =>
        Head(PanelWidth, PanelHeight, "") + Content(panel, isDark ? FigureTheme.Dark : FigureTheme.Light, "") + "</svg>\n";

    private static (int Width, int Height) SizeOf(Figure figure)
    {
        int rows = (figure.Panels.Count + figure.Columns - 1) / figure.Columns;
        return (figure.Columns * PanelWidth, rows * PanelHeight);
    }

    private static (int X, int Y) PlaceOf(Figure figure, int panel) =>
        (panel % figure.Columns * PanelWidth, panel / figure.Columns * PanelHeight);

    private static string Head(int width, int height, string place)
    {
        const string names = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
        return FormattableString.Invariant(
            $"<svg {place}{names} width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n");
    }

    /// <summary>
    /// What is drawn in a panel: without the backgrounds, which are black where they should be transparent, with names that are its own,
    /// and with fonts to fall back on where a viewer lacks the one it was drawn with.
    /// </summary>
    private static string Content(Panel panel, FigureTheme theme, string prefix)
    {
        using Plot plot = PanelPlot.Create(panel, theme);
        string svg = plot.GetSvgXml(PanelWidth, PanelHeight);
        int start = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        int end = svg.LastIndexOf("</svg>", StringComparison.Ordinal);
        string content = Backgrounds().Replace(svg[start..end], "");
        return new StringBuilder(content)
            .Replace("id=\"", $"id=\"{prefix}")
            .Replace("url(#", $"url(#{prefix}")
            .Replace("href=\"#", $"href=\"#{prefix}")
            .Replace($"font-family=\"{EmbeddedFont.Name}\"", $"font-family=\"{EmbeddedFont.Name}, Verdana, Arial, sans-serif\"")
            .ToString();
    }

    [GeneratedRegex("<rect (fill=\"white\" )?width=\"\\d+\" height=\"\\d+\"/>")]
    private static partial Regex Backgrounds();
}
