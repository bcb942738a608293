using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>What a sampler is told when it is asked for a trial's values.</summary>
/// <param name="Space">The space of the stage.</param>
/// <param name="Key">
/// The name of the trial's own random numbers, made of the search's seed, <paramref name="Stage"/> and <paramref name="Number"/>.
/// </param>
/// <param name="Stage">The number of the stage, from 0.</param>
/// <param name="Number">The number of the trial in its stage, from 0.</param>
/// <param name="Earlier">
/// The results of all earlier stages, by stage and number: what an adaptive sampler learns from. Empty in the first stage.
/// </param>
public sealed record SampleRequest(SearchSpace Space, RandomKey Key, int Stage, int Number, IReadOnlyList<TrialResult> Earlier);
