using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// A scrambled Sobol sequence: every beginning of 2^k trials covers each dimension in 2^k equal parts, and pairs of dimensions about as
/// evenly. A better start than random for a search of any length.
/// </summary>
/// <remarks>
/// Sobol, "On the Distribution of Points in a Cube and the Approximate Evaluation of Integrals", 1967, in natural order; scrambled by
/// Owen's nested permutations ("Randomly Permuted (t,m,s)-Nets and (t,s)-Sequences", 1995), bit by bit from the stage's random numbers.
/// Departure: the initial direction numbers of all dimensions but the first are random odd ones, the same for every search, and not those
/// that Joe and Kuo (2008) chose for the evenness of pairs.
/// </remarks>
/// <example><code>
/// SearchResult found = new SingleStageSearch(space, trials: 16) { Sampler = new SobolSampler() }.Run(objective);
/// </code></example>
public sealed record SobolSampler : Sampler
{
    private const double Scale = 1.0 / (1L << 32);

    /// <inheritdoc/>
    public override string Description => "Sobol, scrambled";

    /// <inheritdoc/>
    public override bool UsesHistory => false;

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RandomKey key = request.StageKey.Derive("Sobol");
        return request.Space.Point(dimension =>
        {
            int index = request.Space.Dimensions.AsSpan().IndexOf(dimension);
            return dimension.At(Scramble(SobolDirections.At(index, (uint)request.Number), key.Derive(dimension.Name)) * Scale);
        });
    }

    // Each bit is turned over or not by a random bit that belongs to the bits above it.
    private static uint Scramble(uint value, RandomKey key)
    {
        uint result = 0;
        for (int bit = 31; bit >= 0; bit--)
        {
            ulong above = (1UL << (31 - bit)) | ((ulong)value >> (bit + 1));
            result |= (((value >> bit) ^ (uint)key.BitsAt((long)above)) & 1) << bit;
        }
        return result;
    }
}
