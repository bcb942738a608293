namespace DeepLearn.Models;

/// <summary>A text that goes with a model, such as its author or the source of its data.</summary>
/// <param name="Key">The key, unique among a model's texts; it is not empty and does not begin with <c>deeplearn.</c>.</param>
/// <param name="Text">The text.</param>
public sealed record ModelText(string Key, string Text);
