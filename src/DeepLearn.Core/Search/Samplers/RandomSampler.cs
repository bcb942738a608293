using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>Every value drawn at random from its dimension's distribution, independently of all others.</summary>
/// <remarks>
/// Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012. The value of a hyper-parameter is a function of the seed,
/// the stage, the trial's number and the hyper-parameter's name, and of nothing else: a dimension can be added without changing the others'
/// values. In a space of finitely many points, none of which has a condition or is more likely than another, that would give points twice;
/// there, each point comes once before any comes again, in an order that the seed and the stage decide.
/// </remarks>
/// <example><code>
/// SearchResult found = new SingleStageSearch(space, trials: 20) { Sampler = new RandomSampler() }.Run(objective);
/// </code></example>
public sealed record RandomSampler : Sampler
{
    /// <inheritdoc/>
    public override string Description => "random";

    /// <inheritdoc/>
    public override bool UsesHistory => false;

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (PointsOf(request.Space) is { } count)
        {
            return PointAt(
                request.Space,
                Permutation.At(request.StageKey.Derive("points").Derive(request.Number / count), request.Number % count, count));
        }
        RandomKey key = request.Key.Derive("value");
        return request.Space.Point(dimension => dimension.At(key.Derive(dimension.Name).Open().NextUniform()));
    }

    // The number of points, where they are finitely many and equally likely; null elsewhere.
    private static long? PointsOf(SearchSpace space)
    {
        double count = 1;
        foreach (Dimension dimension in space.Dimensions)
            count *= dimension.Condition is null ? dimension.ValueCount : double.PositiveInfinity;
        return count <= int.MaxValue ? (long)count : null;
    }

    private static SearchPoint PointAt(SearchSpace space, long index) => space.Point(dimension =>
    {
        int count = (int)dimension.ValueCount;
        (index, long place) = Math.DivRem(index, count);
        return dimension.GridPoint((int)place, count);
    });
}
