namespace DeepLearn.Search.Stores;

/// <summary>A line of a journal that was looked at.</summary>
/// <param name="IsWhole">Whether it matches its checksum.</param>
/// <param name="Entry">What it says about a trial; nothing where it is not whole, or says something else.</param>
/// <param name="Error">Why it says nothing about a trial, though it is whole; null if it does.</param>
internal readonly record struct JournalReading(bool IsWhole, JournalEntry Entry, Exception? Error);
