namespace DeepLearn.Search.Stores;

/// <summary>What <see cref="SharedTrialLog.ReadSince"/> found.</summary>
/// <param name="Changes">
/// The changes: for each trial at least the newest. A change may come again, also one that came before the cursor.
/// </param>
/// <param name="Cursor">Where to read on from.</param>
public sealed record TrialChanges(IReadOnlyList<TrialChange> Changes, long Cursor);
