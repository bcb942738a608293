using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// Begins with given points, such as the values in use today, and goes on with another sampler, which learns from them too.
/// </summary>
/// <example><code>
/// // The point that was used so far comes first.
/// var known = new SearchPoint(new NamedValue("lambda", 0.01), new NamedValue("units", 30));
/// SearchResult found = (search with { Sampler = new EnqueuedSampler(new TpeSampler(), known) }).Run(objective);
/// </code></example>
public sealed record EnqueuedSampler : Sampler
{
    /// <summary>Makes a sampler.</summary>
    /// <param name="then">Chooses all further points.</param>
    /// <param name="points">The points of the first trials of the first stage, at least one, in order.</param>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public EnqueuedSampler(Sampler then, params SearchPoint[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(then);
        if (points.Length == 0)
            throw new ArgumentException("Expected at least one point to begin with; found none.", nameof(points));
        Then = then;
        Points = ValueList.Create(points);
    }

    /// <summary>What chooses all further points.</summary>
    public Sampler Then { get; }

    /// <summary>The points of the first trials.</summary>
    public ValueList<SearchPoint> Points { get; }

    /// <inheritdoc/>
    public override string Description => $"{string.Join("; ", Points)}; then {Then}";

    /// <inheritdoc/>
    public override bool UsesHistory => Then.UsesHistory;

    /// <inheritdoc/>
    public override int MaximumTrials(SearchSpace space) => (int)Math.Min(int.MaxValue, (long)Then.MaximumTrials(space) + Points.Count);

    /// <inheritdoc/>
    public override SearchPoint Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Stage > 0)
            return Then.Sample(request);
        if (request.Number < Points.Count)
            return Points[request.Number];

        // A sampler that depends on the trial's number begins at its first.
        return Then.Sample(Then.UsesHistory ? request : request with { Number = request.Number - Points.Count });
    }
}
