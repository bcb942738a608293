namespace DeepLearn.Search.Trials;

/// <summary>Where and when a trial was run. An immutable value.</summary>
/// <param name="Worker">The name of the process, such as <c>node7:1234</c> for a machine and a process on it.</param>
/// <param name="Began">When it began, on that machine's clock, to the millisecond.</param>
public readonly record struct TrialRun(string Worker, DateTimeOffset Began);
