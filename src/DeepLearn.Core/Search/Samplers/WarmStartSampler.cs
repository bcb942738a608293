using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// A sampler that begins with the results of another search: the sampler that it wraps sees them as if they were the first of its stage.
/// </summary>
/// <remarks>
/// For the first stage; later ones have the results of this search to learn from. The scores have to mean the same in both searches. The
/// points of the other search alone, to be tried anew, are an <see cref="EnqueuedSampler"/>'s. The results enter the description, and with
/// it the identity of the search, as a fingerprint.
/// </remarks>
/// <example><code>
/// SearchResult before = search.Run(objective);
/// SearchResult found = (search with { Sampler = new WarmStartSampler(new TpeSampler(), before.Ranked), Seed = 2 }).Run(objective);
/// </code></example>
public sealed record WarmStartSampler : Sampler
{
    private const int FingerprintDigits = 16;

    /// <summary>A sampler.</summary>
    /// <param name="then">The sampler that learns from the results, such as <see cref="TpeSampler"/>.</param>
    /// <param name="results">
    /// The results of the other search, such as its <see cref="SearchResult.Ranked"/>, at least one; their points are points of this
    /// search's space.
    /// </param>
    /// <exception cref="ArgumentException">There is no result, or the sampler does not learn.</exception>
    public WarmStartSampler(Sampler then, IEnumerable<TrialResult> results)
    {
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(results);
        results = [.. results];
        foreach (TrialResult result in results)
            ArgumentNullException.ThrowIfNull(result, nameof(results));
        if (!then.UsesHistory)
            throw new ArgumentException($"Expected a sampler that learns from results; found one that does not, {then}.", nameof(then));
        Then = then;

        // The order of the other search, so that the same results in another order are the same start.
        Results = [.. results.OrderBy(result => result.Trial.Stage).ThenBy(result => result.Trial.Number)];
        if (Results.Count == 0)
            throw new ArgumentException("Expected at least one result to begin with; found none.", nameof(results));
        Fingerprint = FingerprintOf(Results);
    }

    /// <summary>The sampler that learns from the results.</summary>
    public Sampler Then { get; }

    /// <summary>The results of the other search, by stage and number.</summary>
    public ValueList<TrialResult> Results { get; }

    /// <summary>What tells the results from others: digits of a hash of points, states and scores.</summary>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"warm start from {Results.Count} results ({Fingerprint}), then {Then}");

    /// <inheritdoc/>
    public override int MaximumTrials(SearchSpace space) => Then.MaximumTrials(space);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A result is of a point outside the space.</exception>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Stage > 0)
            return Then.Sample(request);
        request.History.Cache((this, request.Space), () => RequireWithin(request.Space));
        return Then.Sample(request with { History = request.History.After(Results) });
    }

    private static string FingerprintOf(IEnumerable<TrialResult> results)
    {
        var text = new StringBuilder();
        foreach (TrialResult result in results)
            text.Append(CultureInfo.InvariantCulture, $"{result.Trial.Point}\n{result.State}\n{result.Score:R}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..FingerprintDigits];
    }

    private object RequireWithin(SearchSpace space)
    {
        foreach (TrialResult result in Results)
        {
            if (!space.Contains(result.Trial.Point))
            {
                throw new InvalidOperationException(
                    $"A warm start needs results of points of this search's space, {space}; found {result.Trial}.");
            }
        }
        return this;
    }
}
