using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>What a pruner is told when a trial reports.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Reports">The trial's reports so far, at least one; the last is the new one.</param>
/// <param name="Earlier">The results of all earlier groups of the stage, in the order of their numbers.</param>
/// <param name="Direction">Which scores are better.</param>
public sealed record PruneRequest(
    Trial Trial, IReadOnlyList<TrialReport> Reports, IReadOnlyList<TrialResult> Earlier, SearchDirection Direction);
