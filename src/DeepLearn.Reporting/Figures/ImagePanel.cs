namespace DeepLearn.Reporting.Figures;

/// <summary>A picture under a title. An immutable value.</summary>
/// <param name="Title">The text above it; a line break begins another line.</param>
/// <param name="Height">The number of rows of pixels, at least 1.</param>
/// <param name="Width">The number of columns of pixels, at least 1.</param>
/// <param name="Pixels">Red, green and blue of each pixel, row after row: <c>3 * Height * Width</c> bytes.</param>
public sealed record ImagePanel(string Title, int Height, int Width, IReadOnlyList<byte> Pixels) : Panel(Title)
{
    /// <inheritdoc/>
    public override string Description => $"A picture: {Title.ReplaceLineEndings(" ")}";
}
