using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Samplers;

/// <summary>Every value drawn at random from its dimension's distribution, independently of all others.</summary>
/// <remarks>
/// Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012. The value of a hyper-parameter is a function of the seed,
/// the stage, the trial's number and the hyper-parameter's name, and of nothing else: a dimension can be added without changing the
/// others' values.
/// </remarks>
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
        RandomKey key = request.Key.Derive("value");
        return request.Space.Point(dimension => dimension.At(key.Derive(dimension.Name).Open().NextUniform()));
    }
}
