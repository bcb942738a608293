using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;

namespace DeepLearn.Testing;

/// <summary>What <see cref="SamplerContract"/> tries a sampler on. An immutable value.</summary>
public sealed record SamplerContractOptions
{
    /// <summary>The space; null, the default, for one with a hyper-parameter of each kind.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>How many trials of a stage are looked at, at least 2; fewer where the sampler gives fewer. Default 20.</summary>
    public int Trials { get; init; } = 20;

    /// <summary>Whether no two trials of a stage are to be the same. Default true; false for a sampler that may repeat itself.</summary>
    public bool TrialsDiffer { get; init; } = true;

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
