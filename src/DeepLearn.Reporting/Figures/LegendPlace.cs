using ScottPlot;

namespace DeepLearn.Reporting.Figures;

/// <summary>Finds the place in a panel where a legend covers the least data.</summary>
internal static class LegendPlace
{
    // What a legend takes of the width and height of a panel's field, about 420 by 235 pixels: its lines and the letters of the longest
    // name.
    private const double Frame = 0.03;
    private const double Sample = 0.11;
    private const double Letter = 0.0165;
    private const double Line = 0.092;

    // What the axes leave free above and below the data.
    private const double Margin = 0.1;

    // A line hides what a legend says as well as its ends do: so many points of each piece are looked at.
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

    /// <summary>The place with the fewest points of the lines.</summary>
    public static Alignment For(LinePanel panel)
    {
        (double X, double Y)[][] lines = [.. panel.Series.Select(series => PointsOf(panel, series))];
        (double X, double Y)[] points = [.. lines.SelectMany(line => line)];
        if (points.Length == 0)
            return Alignment.UpperRight;
        double left = points.Min(point => point.X), right = points.Max(point => point.X);
        double bottom = points.Min(point => point.Y), top = points.Max(point => point.Y), margin = Margin * (top - bottom);
        (bottom, top) = (panel.Minimum ?? (bottom - margin), top + margin);
        string[] names = [.. panel.Series.Select(series => series.Name).Where(name => name.Length > 0)];
        double width = Math.Min(1, Frame + Sample + (Letter * names.Max(name => name.Length)));
        double height = Math.Min(1, Frame + (Line * names.Length));
        return Places.MinBy(place => points.Count(point =>
            IsIn(Share(point.X, left, right), place.Across, width) && IsIn(Share(point.Y, bottom, top), place.Up, height))).Place;
    }

    private static (double X, double Y)[] PointsOf(LinePanel panel, Series series)
    {
        (double X, double Y)[] ends = [.. series.X.Zip(series.Y, (x, y) => (X: panel.IsLogarithmic ? Math.Log10(x) : x, Y: y))
            .Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        if (!series.IsLine)
            return ends;
        return
        [
            .. ends.Take(1),
            .. ends.Zip(ends.Skip(1)).SelectMany(piece =>
                Enumerable.Range(1, PointsOfPiece).Select(part => Between(piece.First, piece.Second, part))),
        ];
    }

    private static (double X, double Y) Between((double X, double Y) first, (double X, double Y) second, int part)
    {
        double share = (double)part / PointsOfPiece;
        return (first.X + (share * (second.X - first.X)), first.Y + (share * (second.Y - first.Y)));
    }

    /// <summary>Whether a share of an axis is within a stretch of it that lies at one end, the other, or between.</summary>
    private static bool IsIn(double share, double end, double size)
    {
        double start = end * (1 - size);
        return share >= start && share <= start + size;
    }

    private static double Share(double value, double low, double high) => high > low ? (value - low) / (high - low) : 0.5;
}
