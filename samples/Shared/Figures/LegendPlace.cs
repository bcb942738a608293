using ScottPlot;

namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>Finds the corner of a panel where a legend hides least.</summary>
internal static class LegendPlace
{
    // What a legend takes of the width and height of a panel.
    private const double Width = 0.4;
    private const double Height = 0.27;

    /// <summary>The corner with the fewest points; the upper right one of equals.</summary>
    public static Alignment For(Panel panel)
    {
        (double X, double Y)[] points = [.. panel.Series
            .SelectMany(series => series.X.Zip(series.Y, (x, y) => (X: panel.IsLogarithmic ? Math.Log10(x) : x, Y: y)))
            .Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        if (points.Length == 0)
            return Alignment.UpperRight;
        double left = points.Min(point => point.X), right = points.Max(point => point.X);
        double bottom = panel.Minimum ?? points.Min(point => point.Y), top = points.Max(point => point.Y);
        Alignment[] corners = [Alignment.UpperRight, Alignment.LowerRight, Alignment.LowerLeft, Alignment.UpperLeft];
        return corners.MinBy(corner => points.Count(point => IsIn(corner, Share(point.X, left, right), Share(point.Y, bottom, top))));
    }

    private static bool IsIn(Alignment corner, double across, double up) =>
        (corner is Alignment.UpperRight or Alignment.LowerRight ? across > 1 - Width : across < Width)
        && (corner is Alignment.UpperRight or Alignment.UpperLeft ? up > 1 - Height : up < Height);

    private static double Share(double value, double low, double high) => high > low ? (value - low) / (high - low) : 0.5;
}
