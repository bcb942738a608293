using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>What a line of a journal says about a trial: that it began, that it was abandoned, or how it ended.</summary>
/// <param name="Stage">The trial's stage.</param>
/// <param name="Number">The trial's number.</param>
/// <param name="IsStart">Whether it began.</param>
/// <param name="Result">How it ended; null if it did not.</param>
internal readonly record struct JournalEntry(int Stage, int Number, bool IsStart, TrialResult? Result);
