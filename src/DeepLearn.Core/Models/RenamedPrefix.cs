namespace DeepLearn.Models;

/// <summary>A beginning of the names of weights that is another in a file.</summary>
/// <param name="InModel">The beginning in the model, as in <c>sequential1/</c>; empty for every name.</param>
/// <param name="InFile">What stands in its place in the file, as in <c>backbone/</c>; perhaps empty.</param>
public sealed record RenamedPrefix(string InModel, string InFile);
