using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>How a search is going, told whenever something happens to a trial. An immutable value.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Trial">The trial that it happened to.</param>
/// <param name="FinishedTrials">How many trials have ended in the whole search, resumed ones included.</param>
/// <param name="TotalTrials">How many trials the whole search has.</param>
public sealed record SearchProgress(SearchProgressKind Kind, Trial Trial, int FinishedTrials, int TotalTrials)
{
    /// <summary>How the trial ended; null unless it was resumed or finished.</summary>
    public TrialResult? Result { get; init; }

    /// <summary>What the trial reported; null unless it did.</summary>
    public TrialReport? Report { get; init; }

    /// <summary>What differs between two runs of the trial; null unless something does.</summary>
    public TrialDifference? Difference { get; init; }
}
