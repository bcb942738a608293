using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>The trials of a stage, each made when it is needed.</summary>
/// <param name="Stage">The number of the stage.</param>
/// <param name="Count">The number of trials.</param>
/// <param name="Window">
/// A trial sees the results of those that stand this far before it or further, and waits for them; 0 if it sees none.
/// </param>
/// <param name="NumberOf">The number of the trial at a place of the stage.</param>
/// <param name="Choose">Makes the trial at a place from the history that it may see.</param>
/// <param name="IsCheap">Whether making a trial is cheap: then each recorded trial is compared with the one that it should be.</param>
internal sealed record StagePlan(
    int Stage, int Count, int Window, Func<int, int> NumberOf, Func<int, TrialHistory, Trial> Choose, bool IsCheap);
