using DeepLearn.Reporting.Terminal;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>Lines of braille characters.</summary>
public sealed class BrailleChartTests
{
    [Fact]
    public void A_rising_line_goes_from_the_lower_left_to_the_upper_right()
    {
        (char Character, int Series)[][] lines = new BrailleChart(2, 1).Draw([[(0, 0), (3, 3)]], maximumX: 3, low: 0, high: 3);

        // Four dots: each one to the right and one up of the last.
        Assert.Equal([((char)(0x2800 | 0x40 | 0x20), 0), ((char)(0x2800 | 0x02 | 0x08), 0)], Assert.Single(lines));
    }

    [Fact]
    public void The_last_series_gives_a_place_its_number_and_what_is_not_finite_is_left_out()
    {
        (char Character, int Series)[][] lines =
            new BrailleChart(3, 2).Draw([[(0, 1), (10, 1)], [(5, 1), (7, double.NaN)], []], maximumX: 10, low: 0, high: 1);

        Assert.Equal([0, 1, 0], lines[0].Select(place => place.Series));
        Assert.Equal([-1, -1, -1], lines[1].Select(place => place.Series));
        Assert.All(lines[1], place => Assert.Equal('\u2800', place.Character));
    }

    [Fact]
    public void What_is_beyond_the_ends_stands_at_them()
    {
        (char Character, int Series)[][] lines = new BrailleChart(1, 1).Draw([[(-5, 9)], [(50, -9)]], maximumX: 10, low: 0, high: 1);

        Assert.Equal((char)(0x2800 | 0x01 | 0x80), Assert.Single(Assert.Single(lines)).Character);
    }
}
