using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// Blocks of n points such that each of n equal parts of every dimension has one point of the block, at a random place within it. Every n
/// trials cover each dimension evenly, which random ones do not.
/// </summary>
/// <remarks>
/// McKay, Beckman and Conover, "A Comparison of Three Methods for Selecting Values of Input Variables in the Analysis of Output from a
/// Computer Code", 1979. The parts of different dimensions are permuted independently. A stage of more trials than a block goes on with
/// another block.
/// </remarks>
/// <example><code>
/// SearchResult found = new SingleStageSearch(space, trials: 20) { Sampler = new LatinHypercubeSampler(20) }.Run(objective);
/// </code></example>
public sealed record LatinHypercubeSampler : Sampler
{
    /// <summary>Makes a sampler.</summary>
    /// <param name="points">The number of points of a block, at least 1: best the number of trials of the stage.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="points"/> is below 1.</exception>
    public LatinHypercubeSampler(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        Points = points;
    }

    /// <summary>The number of points of a block.</summary>
    public int Points { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"Latin hypercube of {Points} points");

    /// <inheritdoc/>
    public override bool UsesHistory => false;

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (int block, int index) = Math.DivRem(request.Number, Points);
        RandomKey parts = request.StageKey.Derive("Latin hypercube").Derive(block), within = request.Key.Derive("within its part");
        return request.Space.Point(dimension =>
        {
            long part = Permutation.At(parts.Derive(dimension.Name), index, Points);
            return dimension.At((part + within.Derive(dimension.Name).Open().NextUniform()) / Points);
        });
    }
}
