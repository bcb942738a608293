using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>Something that happened to a trial in a store that several processes use. An immutable value.</summary>
/// <param name="Stage">The trial's stage.</param>
/// <param name="Number">The trial's number.</param>
/// <param name="Epoch">The claim that it belongs to.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Result">How the trial ended; null if it did not.</param>
public readonly record struct TrialChange(int Stage, int Number, long Epoch, TrialChangeKind Kind, TrialResult? Result = null);
