using System.Buffers.Binary;
using System.Xml.Linq;
using DeepLearn.Reporting.Figures;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>Figures as files.</summary>
public sealed class FigureTests
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static Figure Some => new(
        "some",
        "Every kind of panel.",
        2,
        [
            new LinePanel(
                "Lines", "x", "y",
                [new("a", [1, 2, 3], [1, double.NaN, 9]) { HasMarkers = true }, new("b", [1, 3], [2, 2]) { Shade = 0.3 }]),
            new LinePanel("Bars", "x", "y", [new("", [0.1, 0.3], [5, 7]) { BarWidth = 0.2 }]) { XTicks = [(0.1, "low"), (0.3, "high")] },
            new MatrixPanel(
                "Matrix", "predicted", "actual", ["cat & dog", "bird"], ["cat & dog", "bird"], [1, 0, 0.2, 0.8], ["7", "", "1", "4"]),
            new ImagePanel("A picture", 2, 3, [.. Enumerable.Range(0, 18).Select(i => (byte)(14 * i))]),
            new LinePanel(
                "Powers", "x", "y", [new("", [1e-3, 1, 1e3], [1, 2, 3])]) { IsLogarithmic = true, IsPercentage = true, Minimum = 0 },
        ]);

    [Fact]
    public void ToPng_every_kind_of_panel_has_twice_the_size_of_the_panels()
    {
        byte[] png = Some.ToPng();

        Assert.Equal(PngSignature, png[..8]);
        Assert.Equal(2 * 2 * 480, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(2 * 3 * 310, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [Fact]
    public void ToSvg_every_kind_of_panel_is_well_formed_and_shows_its_words()
    {
        XDocument svg = XDocument.Parse(Some.ToSvg());

        string words = svg.Root!.Value;
        Assert.All(
            ["Lines", "Bars", "Matrix", "A picture", "cat & dog", "high", "7"],
            word => Assert.Contains(word, words, StringComparison.Ordinal));
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "image");
        // Names of one panel must not be those of another, or a clip of the one would cut the other.
        string[] ids = [.. svg.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("figure.png")]
    [InlineData("inner/figure.SVG")]
    public void Save_known_extension_writes_the_file_and_nothing_else(string name)
    {
        string folder = Directory.CreateTempSubdirectory("figures").FullName;
        string path = Path.Combine(folder, name);

        Some.Save(path);

        Assert.True(new FileInfo(path).Length > 1000);
        Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Save_unknown_extension_is_refused()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Some.Save("figure.gif"));

        Assert.Contains(".png or .svg", refused.Message, StringComparison.Ordinal);
        Assert.Contains("figure.gif", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToPng_without_a_panel_is_refused() =>
        Assert.Contains(
            "found 0", Assert.Throws<InvalidOperationException>(() => (Some with { Panels = [] }).ToPng()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ToPng_matrix_or_picture_of_another_size_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Of(new MatrixPanel("", "", "", ["a"], ["b"], [1, 2], ["1", "2"])).ToPng());
        Assert.Throws<InvalidOperationException>(() => Of(new ImagePanel("", 2, 2, [1, 2, 3])).ToPng());

        static Figure Of(Panel panel) => new("one", "", 1, [panel]);
    }

    [Fact]
    public void ToPng_the_same_figure_gives_the_same_bytes() => Assert.Equal(Some.ToPng(), Some.ToPng());
}
