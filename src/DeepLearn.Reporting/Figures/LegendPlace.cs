using ScottPlot;

namespace DeepLearn.Reporting.Figures;

/// <summary>Finds the place in a panel where a legend covers the least data.</summary>
internal static class LegendPlace
{
    // The shares that a legend takes of the width and height of a panel's field, about 420 by 235 pixels: its frame, the samples of its
    // lines, the letters of the longest name, its lines.
    private const double Frame = 0.03;
    private const double Sample = 0.11;
    private const double Letter = 0.0165;
    private const double Line = 0.092;

    // What the axes leave free above and below the data, of the height of the data: the plot leaves a tenth of the field, half of it on
    // each side. And the distance that a marker needs from the legend.
    private const double Margin = 0.1 / 2 / (1 - 0.1);
    private const double Marker = 0.02;

    // A legend covers a line between its points as well: the number of places of each piece that are compared with it.
    private const int PointsOfPiece = 8;

    /// <summary>The corners, then the middles of the sides: of equals, the first is taken.</summary>
    private static readonly (Alignment Place, double Across, double Up)[] Places =
    [
        (Alignment.UpperRight, 1, 1),
        (Alignment.LowerRight, 1, 0),
        (Alignment.LowerLeft, 0, 0),
        (Alignment.UpperLeft, 0, 1),
        (Alignment.MiddleRight, 1, 0.5),
        (Alignment.MiddleLeft, 0, 0.5),
        (Alignment.LowerCenter, 0.5, 0),
        (Alignment.UpperCenter, 0.5, 1),
    ];

    /// <summary>
    /// The place where the legend covers the fewest markers and, of such places, the least of the lines. If it covers a marker everywhere,
    /// and the panel leaves the top of its axis to the data, the legend is above the data.
    /// </summary>
    /// <param name="panel">The panel, with a named series.</param>
    /// <returns>The place, and the share of the height that has to be free above the data: 0 unless the legend is there.</returns>
    public static (Alignment Place, double Headroom) For(LinePanel panel)
    {
        (double X, double Y)[] markers = [.. panel.Series.Where(series => series.HasMarkers).SelectMany(series => EndsOf(panel, series))];
        (double X, double Y)[] lines =
            [.. panel.Series.Where(series => series.IsLine).SelectMany(series => PiecesOf(EndsOf(panel, series)))];
        (double X, double Y)[] points = [.. panel.Series.SelectMany(series => EndsOf(panel, series))];
        if (points.Length == 0)
            return (Alignment.UpperRight, 0);
        double left = points.Min(point => point.X), right = points.Max(point => point.X);
        double bottom = points.Min(point => point.Y), top = points.Max(point => point.Y), margin = Margin * (top - bottom);
        (bottom, top) = (panel.Minimum ?? (bottom - margin), panel.Maximum ?? (top + margin));
        string[] names = [.. panel.Series.Select(series => series.Name).Where(name => name.Length > 0)];
        double width = Math.Min(1, Frame + Sample + (Letter * names.Max(name => name.Length)));
        double height = Math.Min(1, Frame + (Line * names.Length));
        (Alignment best, double across, double up) = Places.MinBy(
            place => (Covered(markers, place.Across, place.Up, Marker), Covered(lines, place.Across, place.Up, 0)));
        bool isClear = Covered(markers, across, up, Marker) == 0;
        return isClear || panel.Maximum is not null || height >= 0.5 ? (best, 0) : (Alignment.UpperRight, height);

        int Covered((double X, double Y)[] some, double across, double up, double distance) => some.Count(point =>
            IsIn(Share(point.X, left, right), across, width + distance) && IsIn(Share(point.Y, bottom, top), up, height + distance));
    }

    private static (double X, double Y)[] EndsOf(LinePanel panel, Series series) =>
    [
        .. series.X.Zip(series.Y, (x, y) => (X: panel.IsLogarithmic ? Math.Log10(x) : x, Y: y))
            .Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)),
    ];

    private static IEnumerable<(double X, double Y)> PiecesOf((double X, double Y)[] ends) =>
    [
        .. ends.Take(1),
        .. ends.Zip(ends.Skip(1)).SelectMany(piece =>
            Enumerable.Range(1, PointsOfPiece).Select(part => Between(piece.First, piece.Second, part))),
    ];

    private static (double X, double Y) Between((double X, double Y) first, (double X, double Y) second, int part)
    {
        double share = (double)part / PointsOfPiece;
        return (first.X + (share * (second.X - first.X)), first.Y + (share * (second.Y - first.Y)));
    }

    /// <summary>Whether a share of an axis is within the stretch of it that a legend takes.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <param name="end">Where the legend is: 0 for the lower end, 1 for the higher end, 0.5 for the middle.</param>
    /// <param name="size">The length of the stretch.</param>
    private static bool IsIn(double share, double end, double size)
    {
        double start = end * (1 - size);
        return share >= start && share <= start + size;
    }

    private static double Share(double value, double low, double high) => high > low ? (value - low) / (high - low) : 0.5;
}
