namespace DeepLearn.Benchmarks.Searches;

/// <summary>The time of a part of a search: an element of the JSON that <c>ratios search --speed</c> writes.</summary>
/// <param name="What">The part.</param>
/// <param name="Trials">The number of past trials.</param>
/// <param name="Milliseconds">The time; for suggestions, the median.</param>
internal sealed record SpeedRow(string What, int Trials, double Milliseconds);
