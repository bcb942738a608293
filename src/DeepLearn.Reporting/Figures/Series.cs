namespace DeepLearn.Reporting.Figures;

/// <summary>A line, a cloud of points or a row of bars in a <see cref="LinePanel"/>. An immutable value.</summary>
/// <param name="Name">Its name in the legend; empty for none.</param>
/// <param name="X">The horizontal places of its points.</param>
/// <param name="Y">The vertical places, as many. A point that is not finite is left out.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>The number of its color, from 0; after the last color the first comes again. Default 0.</summary>
    public int Color { get; init; }

    /// <summary>Its place on a scale from weak (0) to strong (1), which replaces <see cref="Color"/>. Default null.</summary>
    public double? Shade { get; init; }

    /// <summary>Whether its points are joined by a line. Default true.</summary>
    public bool IsLine { get; init; } = true;

    /// <summary>Whether its points are marked. Default false.</summary>
    public bool HasMarkers { get; init; }

    /// <summary>The width of a bar at each point, from 0 up to the point, in units of the horizontal axis. Default null: no bars.</summary>
    public double? BarWidth { get; init; }
}
