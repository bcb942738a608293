using ScottPlot;
using SkiaSharp;

namespace DeepLearn.Reporting.Figures;

/// <summary>The font of figures, carried in the program: a machine may have none, and figures are to look the same on all.</summary>
internal sealed class EmbeddedFont : IFontResolver
{
    public const string Name = "DejaVu Sans";

    private static readonly Lazy<bool> Registration = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFont());
        Fonts.Default = Fonts.Sans = Fonts.Serif = Fonts.Monospace = Name;
        return true;
    });

    /// <summary>Makes it the font of everything that is drawn.</summary>
    public static void Register() => _ = Registration.Value;

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing)
    {
        using Stream? stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf");
        return stream is null ? null : SKTypeface.FromStream(stream);
    }

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        CreateTypeface(fontName, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);
}
