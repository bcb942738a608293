namespace DeepLearn.Benchmarks.Searches;

/// <summary>How good a sampler is on a function: the element of the JSON that <c>ratios search</c> writes.</summary>
/// <param name="Sampler">The sampler.</param>
/// <param name="Window">The search's window.</param>
/// <param name="Function">The function.</param>
/// <param name="Trials">The number of trials of a search.</param>
/// <param name="Seeds">The number of searches.</param>
/// <param name="MedianRegret">The median of how far the best trial is above the lowest value.</param>
/// <param name="LowerRegret">The lower quartile.</param>
/// <param name="UpperRegret">The upper quartile.</param>
internal sealed record SearchRow(
    string Sampler, int Window, string Function, int Trials, int Seeds, double MedianRegret, double LowerRegret, double UpperRegret);
