namespace DeepLearn.Reporting.Terminal;

/// <summary>Lines over one axis, drawn with the dots of braille characters: 2 x 4 of them in each place of the terminal.</summary>
/// <param name="Columns">How many characters it is wide.</param>
/// <param name="Rows">How many lines it is high.</param>
internal sealed record BrailleChart(int Columns, int Rows)
{
    private const char Blank = '\u2800';

    // The bit of a dot, by its row within the character, for its left and its right column.
    private static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <summary>Draws series over each other.</summary>
    /// <param name="series">Their points, by rising x; a y that is not finite is left out.</param>
    /// <param name="maximumX">The right end; the left end is 0.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end, above <paramref name="low"/>.</param>
    /// <returns>Each line as characters with the number of the series that drew last in it; -1 for none.</returns>
    public (char Character, int Series)[][] Draw(
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> series, double maximumX, double low, double high)
    {
        (char Character, int Series)[][] lines =
            [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Repeat((Blank, -1), Columns).ToArray())];
        for (int index = 0; index < series.Count; index++)
        {
            (int X, int Y)? last = null;
            foreach ((double x, double y) in series[index])
            {
                if (!double.IsFinite(y))
                    continue;
                var dot = (X: Place(x / maximumX, Columns * 2), Y: Place((high - y) / (high - low), Rows * 4));
                foreach ((int X, int Y) one in Line(last ?? dot, dot))
                    Set(lines, one, index);
                last = dot;
            }
        }
        return lines;
    }

    private static int Place(double share, int count) => Math.Clamp((int)Math.Round(share * (count - 1)), 0, count - 1);

    // As many dots as the longer of the two sides has.
    private static IEnumerable<(int X, int Y)> Line((int X, int Y) from, (int X, int Y) to)
    {
        int steps = Math.Max(Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)), 1);
        for (int i = 0; i <= steps; i++)
        {
            double share = (double)i / steps;
            yield return ((int)Math.Round(from.X + share * (to.X - from.X)), (int)Math.Round(from.Y + share * (to.Y - from.Y)));
        }
    }

    private static void Set((char Character, int Series)[][] lines, (int X, int Y) dot, int series)
    {
        ref (char Character, int Series) place = ref lines[dot.Y / 4][dot.X / 2];
        place = ((char)(place.Character | Bits[dot.Y % 4, dot.X % 2]), series);
    }
}
