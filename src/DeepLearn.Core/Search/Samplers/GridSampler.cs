using System.Globalization;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>Evenly spaced values, both ends included, in all combinations; the last dimension varies fastest.</summary>
/// <remarks>Values are evenly spaced on the scale of positions, so in the logarithm for a log-uniform dimension.</remarks>
/// <example><code>
/// // Four values of each of two hyper-parameters.
/// SearchResult found = new SingleStageSearch(space, trials: 16) { Sampler = new GridSampler(4) }.Run(objective);
/// </code></example>
public sealed record GridSampler : Sampler
{
    /// <summary>Makes a grid.</summary>
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
        return (int)Count(space, 0, []);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The trial's number is beyond the grid.</exception>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        long size = Count(request.Space, 0, []);
        if (request.Number < 0 || request.Number >= size)
            throw new ArgumentOutOfRangeException(nameof(request), request.Number, $"The grid has {size} points, numbered from 0.");
        var values = new List<NamedValue>();
        long rest = request.Number;
        return request.Space.Point(dimension =>
        {
            // The points that begin with each value stand together, in the order of the values.
            int index = request.Space.Dimensions.AsSpan().IndexOf(dimension), count = dimension.GridCount(Points);
            for (int i = 0; ; i++)
            {
                values.Add(new(dimension.Name, dimension.GridPoint(i, count)));
                long below = Count(request.Space, index + 1, values);
                if (rest < below)
                    return values[^1].Value;
                rest -= below;
                values.RemoveAt(values.Count - 1);
            }
        });
    }

    // The number of points that begin with given values, up to int.MaxValue. Only values that conditions rest on are told apart.
    private long Count(SearchSpace space, int index, List<NamedValue> values)
    {
        if (index == space.Dimensions.Count)
            return 1;
        Dimension dimension = space.Dimensions[index];
        if (!dimension.IsActive(values))
            return Count(space, index + 1, values);
        int count = dimension.GridCount(Points);
        bool isParent = space.Dimensions.Any(other => other.Condition?.Parent == dimension.Name);
        long sum = 0;
        for (int i = 0; i < (isParent ? count : 1) && sum < int.MaxValue; i++)
        {
            values.Add(new(dimension.Name, dimension.GridPoint(i, count)));
            sum += Count(space, index + 1, values) * (isParent ? 1 : count);
            values.RemoveAt(values.Count - 1);
        }
        return Math.Min(sum, int.MaxValue);
    }
}
