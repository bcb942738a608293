namespace DeepLearn.Images;

/// <summary>A file that could not be read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">Why: what was expected, and what was found.</param>
public sealed record LeftOutFile(string Path, string Reason);
