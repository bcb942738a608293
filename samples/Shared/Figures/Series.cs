namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>A line, or a cloud of points, in a panel.</summary>
/// <param name="Name">What the legend calls it; empty for no entry.</param>
/// <param name="X">Where its points are across.</param>
/// <param name="Y">Where they are up, as many. Points that are not finite are left out.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Which of the theme's colors it has, from 0.</summary>
    public int Color { get; init; }

    /// <summary>Whether its points are joined.</summary>
    public bool IsLine { get; init; } = true;

    /// <summary>Whether its points are marked.</summary>
    public bool HasMarkers { get; init; }
}
