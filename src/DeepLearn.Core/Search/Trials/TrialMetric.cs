namespace DeepLearn.Search.Trials;

/// <summary>A number that an objective gives besides its score, under a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The number; may be infinite or not a number.</param>
public readonly record struct TrialMetric(string Name, double Value);
