using System.Globalization;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>Evenly spaced values, both ends included, in all combinations; the last dimension varies fastest.</summary>
/// <remarks>Values are evenly spaced on the scale of positions, so in the logarithm for a log-uniform dimension.</remarks>
public sealed record GridSampler : Sampler
{
    /// <summary>A grid.</summary>
    /// <param name="points">The number of values of each numeric dimension, at least 1; a categorical one has all its choices.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="points"/> is below 1.</exception>
    public GridSampler(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        Points = points;
    }

    /// <summary>The number of values of each numeric dimension.</summary>
    public int Points { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"grid of {Points} points");

    /// <inheritdoc/>
    public override bool UsesHistory => false;

    /// <summary>The number of combinations: a stage may have fewer trials, but not more.</summary>
    /// <inheritdoc/>
    public override int MaximumTrials(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        long product = 1;
        foreach (Dimension dimension in space.Dimensions)
            product = Math.Min(product * dimension.GridCount(Points), int.MaxValue);
        return (int)product;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The trial's number is beyond the grid.</exception>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int size = MaximumTrials(request.Space);
        if ((uint)request.Number >= (uint)size)
            throw new ArgumentOutOfRangeException(nameof(request), request.Number, $"The grid has {size} points, numbered from 0.");
        var indices = new Dictionary<string, int>();
        int rest = request.Number;
        for (int i = request.Space.Dimensions.Count - 1; i >= 0; i--)
        {
            Dimension dimension = request.Space.Dimensions[i];
            int count = dimension.GridCount(Points);
            indices[dimension.Name] = rest % count;
            rest /= count;
        }
        return request.Space.Point(dimension => dimension.GridPoint(indices[dimension.Name], dimension.GridCount(Points)));
    }
}
