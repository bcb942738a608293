using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;

namespace DeepLearn.Reporting.Figures;

/// <summary>Draws figures as PNG and SVG, and single panels as SVG for a page.</summary>
internal static partial class FigureRenderer
{
    // Twice the size in pixels, so that a PNG is sharp on paper and on dense screens.
    private const int PngScale = 2;

    /// <summary>Draws a whole figure as PNG.</summary>
    public static byte[] Png(Figure figure)
    {
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

                // A plot clears the whole canvas; the clip restricts it to its own place.
                canvas.Save();
                canvas.ClipRect(new SKRect(x, y, x + figure.PanelWidth, y + figure.PanelHeight));
                plot.Render(canvas, new PixelRect(x, x + figure.PanelWidth, y + figure.PanelHeight, y));
                canvas.Restore();
            }
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>Draws a whole figure as SVG.</summary>
    public static string Svg(Figure figure)
    {
        (int width, int height) = SizeOf(figure);
        var svg = new StringBuilder(Head(width, height, ""));
        svg.Append("<rect fill=\"white\" width=\"100%\" height=\"100%\"/>\n");
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            (int x, int y) = PlaceOf(figure, i);
            svg.Append(Head(figure.PanelWidth, figure.PanelHeight, FormattableString.Invariant($"x=\"{x}\" y=\"{y}\" ")));
            svg.Append(Content(figure, i, FigureTheme.Light, FormattableString.Invariant($"p{i}-"))).Append("</svg>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>One panel as SVG, to stand on a light or a dark ground.</summary>
    public static string PanelSvg(Figure figure, int panel, bool isDark) =>
        Head(figure.PanelWidth, figure.PanelHeight, "")
        + Content(figure, panel, isDark ? FigureTheme.Dark : FigureTheme.Light, "") + "</svg>\n";

    private static (int Width, int Height) SizeOf(Figure figure)
    {
        if (figure.Columns < 1 || figure.Panels.Count == 0)
        {
            throw new InvalidOperationException(
                $"A figure has at least one panel and one column; found {figure.Panels.Count} and {figure.Columns}.");
        }
        int columns = Math.Min(figure.Columns, figure.Panels.Count), rows = (figure.Panels.Count + columns - 1) / columns;
        return (columns * figure.PanelWidth, rows * figure.PanelHeight);
    }

    private static (int X, int Y) PlaceOf(Figure figure, int panel) =>
        (panel % figure.Columns * figure.PanelWidth, panel / figure.Columns * figure.PanelHeight);

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
    private static string Content(Figure figure, int panel, FigureTheme theme, string prefix)
    {
        using Plot plot = PanelPlot.Create(figure.Panels[panel], theme);
        string svg = plot.GetSvgXml(figure.PanelWidth, figure.PanelHeight);
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
