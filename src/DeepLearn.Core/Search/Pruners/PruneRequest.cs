using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>What a pruner is told when a trial reports.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Reports">The trial's reports so far, at least one; the last is the new one.</param>
/// <param name="History">The results of the stage that the trial may be compared with. Empty unless the pruner compares.</param>
/// <param name="Direction">Which scores are better.</param>
public sealed record PruneRequest(Trial Trial, IReadOnlyList<TrialReport> Reports, TrialHistory History, SearchDirection Direction);
