using DeepLearn.Reporting.Figures;
using ScottPlot;
using Xunit;

namespace DeepLearn.Reporting.Tests.Figures;

/// <summary>Where a legend is put.</summary>
public sealed class LegendPlaceTests
{
    [Fact]
    public void LegendPlace_is_the_corner_without_data()
    {
        Assert.Equal((Alignment.UpperRight, 0), LegendPlace.For(Panel(Line("a", (0, 0.1), (1, 0.1)))));
        Assert.Equal((Alignment.LowerRight, 0), LegendPlace.For(Panel(Line("a", (0, 0.95), (1, 0.95)))));
    }

    [Fact]
    public void LegendPlace_covers_a_line_before_a_marker()
    {
        LinePanel panel = Panel(
            Line("", (0, 0.05), (1, 0.05)), Line("", (0, 0.5), (1, 0.5)), Line("", (0, 0.95), (0.7, 0.95)), Markers("a", (0.95, 0.95)));

        (Alignment place, double headroom) = LegendPlace.For(panel);

        Assert.NotEqual(Alignment.UpperRight, place);
        Assert.Equal(0, headroom);
    }

    /// <summary>The axes leave a twentieth of the field above the data: a marker is just within what a legend there takes.</summary>
    [Fact]
    public void LegendPlace_on_axes_that_follow_the_data_covers_no_marker()
    {
        Series[] stages = [Markers("stage 1, 2 cycles", (0, 1), (0.75, 0.805)), Markers("stage 2, 3 cycles", (1, 0))];

        Assert.Equal((Alignment.LowerLeft, 0), LegendPlace.For(new("title", "x", "y", stages)));
    }

    [Fact]
    public void LegendPlace_amid_markers_is_above_them_unless_the_axis_has_a_given_end()
    {
        Series markers = Markers("a", [.. Enumerable.Range(0, 441).Select(i => (i % 21 / 20.0, i / 21 / 20.0))]);

        (Alignment place, double headroom) = LegendPlace.For(Panel(markers) with { Maximum = null });

        Assert.Equal(Alignment.UpperRight, place);
        Assert.InRange(headroom, 0.1, 0.2);
        Assert.Equal(0, LegendPlace.For(Panel(markers)).Headroom);
    }

    private static LinePanel Panel(params Series[] series) => new("title", "x", "y", series) { Minimum = 0, Maximum = 1 };

    private static Series Line(string name, params (double X, double Y)[] points) =>
        new(name, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);

    private static Series Markers(string name, params (double X, double Y)[] points) =>
        Line(name, points) with { IsLine = false, HasMarkers = true };
}
