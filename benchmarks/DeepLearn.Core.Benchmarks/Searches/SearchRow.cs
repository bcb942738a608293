namespace DeepLearn.Benchmarks.Searches;

/// <summary>The quality of a sampler on a function: an element of the JSON that <c>ratios search</c> writes.</summary>
/// <param name="Sampler">The sampler.</param>
/// <param name="Window">The search's window.</param>
/// <param name="Function">The function.</param>
/// <param name="Trials">The number of trials of a search.</param>
/// <param name="Seeds">The number of searches.</param>
/// <param name="MedianRegret">The median regret: the value of the best trial less the minimum.</param>
/// <param name="LowerRegret">The lower quartile.</param>
/// <param name="UpperRegret">The upper quartile.</param>
internal sealed record SearchRow(
    string Sampler, int Window, string Function, int Trials, int Seeds, double MedianRegret, double LowerRegret, double UpperRegret);
