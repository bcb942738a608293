namespace DeepLearn.Search.Trials;

/// <summary>The score of a running trial at a step.</summary>
/// <param name="Step">The step, in a unit of the objective's own such as epochs.</param>
/// <param name="Score">The score there; may be infinite or not a number.</param>
public readonly record struct TrialReport(long Step, double Score);
