using System.Text;
using DeepLearn.Foundation;

namespace DeepLearn.Reporting.Figures;

/// <summary>
/// A figure: panels in rows. It is saved as PNG or SVG, or put into an <see cref="Html.HtmlReport"/>. An immutable value.
/// </summary>
/// <param name="Name">Its short name, for files, without extension.</param>
/// <param name="Caption">What it shows, in a sentence or two.</param>
/// <param name="Columns">How many panels stand side by side, at least 1.</param>
/// <param name="Panels">The panels, row after row; at least one.</param>
/// <example><code>
/// var loss = new LinePanel("Loss", "step", "loss", [new Series("training", [0, 100, 200], [2.3, 1.4, 1.1])]);
/// new Figure("loss", "The loss falls.", Columns: 1, [loss]).Save("loss.png");
/// </code></example>
public sealed record Figure(string Name, string Caption, int Columns, IReadOnlyList<Panel> Panels)
{
    /// <summary>The width of a panel in pixels; a PNG has twice as many. Default 480.</summary>
    public int PanelWidth { get; init; } = 480;

    /// <summary>The height of a panel in pixels; a PNG has twice as many. Default 310.</summary>
    public int PanelHeight { get; init; } = 310;

    /// <summary>Draws the figure as a PNG image, twice its size in pixels, so that it is sharp on paper and on dense screens.</summary>
    /// <exception cref="InvalidOperationException">The figure has no panel, or no column.</exception>
    public byte[] ToPng() => FigureRenderer.Png(this);

    /// <summary>Draws the figure as an SVG image.</summary>
    /// <exception cref="InvalidOperationException">The figure has no panel, or no column.</exception>
    public string ToSvg() => FigureRenderer.Svg(this);

    /// <summary>Saves the figure, whole or not at all; the extension of the file says in which format.</summary>
    /// <param name="path">The file, <c>.png</c> or <c>.svg</c>; missing folders are made.</param>
    /// <exception cref="ArgumentException">The file has another extension.</exception>
    /// <exception cref="InvalidOperationException">The figure has no panel, or no column.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] content = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => ToPng(),
            ".svg" => Encoding.UTF8.GetBytes(ToSvg()),
            _ => throw new ArgumentException($"A figure is saved as .png or .svg; found '{path}'.", nameof(path)),
        };
        WholeFile.Write(path, content);
    }
}
