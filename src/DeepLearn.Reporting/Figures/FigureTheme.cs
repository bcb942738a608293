using ScottPlot;

namespace DeepLearn.Reporting.Figures;

/// <summary>The colors of figures; the veil is the background of a legend, over the lines that it covers.</summary>
internal sealed record FigureTheme(Color Background, Color Veil, Color Ink, Color Quiet, Color Grid, IReadOnlyList<Color> Lines)
{
    /// <summary>The color of a place on the scale from weak (0) to strong (1).</summary>
    public Color ShadeOf(double strength)
    {
        double share = double.IsFinite(strength) ? Math.Clamp(strength, 0, 1) : 0;
        Color weak = Grid, strong = Lines[0];
        return new(Mix(weak.R, strong.R), Mix(weak.G, strong.G), Mix(weak.B, strong.B));
        byte Mix(byte from, byte to) => (byte)Math.Round(from + (share * (to - from)));
    }

    /// <summary>The color of text on a color: dark on light, light on dark.</summary>
    public static Color TextOn(Color color) =>
        (0.299 * color.R) + (0.587 * color.G) + (0.114 * color.B) > 140 ? Color.FromHex("#1f2328") : Colors.White;

    /// <summary>Dark on white: for files, and for a page in its light form.</summary>
    public static FigureTheme Light { get; } = new(
        Colors.White,
        Colors.White.WithAlpha(0.8),
        Color.FromHex("#1f2328"),
        Color.FromHex("#57606a"),
        Color.FromHex("#e4e7eb"),
        [
            Color.FromHex("#1f6feb"), Color.FromHex("#c2410c"), Color.FromHex("#15803d"), Color.FromHex("#7c3aed"),
            Color.FromHex("#b0127b"), Color.FromHex("#6b5900")
        ]);

    /// <summary>Light on dark: for a page in its dark form.</summary>
    public static FigureTheme Dark { get; } = new(
        Colors.Transparent,
        Color.FromHex("#161b22").WithAlpha(0.8),
        Color.FromHex("#e6edf3"),
        Color.FromHex("#a8b3bd"),
        Color.FromHex("#30363d"),
        [
            Color.FromHex("#6cb0ff"), Color.FromHex("#ffa657"), Color.FromHex("#56d364"), Color.FromHex("#c4a7ff"),
            Color.FromHex("#ff8fd0"), Color.FromHex("#d6c25a")
        ]);
}
