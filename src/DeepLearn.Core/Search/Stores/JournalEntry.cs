using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>What a line of a journal says about a trial.</summary>
/// <param name="Stage">The trial's stage.</param>
/// <param name="Number">The trial's number.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Epoch">The claim that it belongs to; 0 where one process had the journal alone.</param>
/// <param name="Until">When the lease ends, in milliseconds since 1970; 0 where there is none.</param>
/// <param name="Result">How the trial ended; null if it did not.</param>
internal readonly record struct JournalEntry(
    int Stage, int Number, JournalEntryKind Kind, long Epoch, long Until, TrialResult? Result);
