namespace DeepLearn.Models;

/// <summary>A text that goes with a model, such as who made it and of what data.</summary>
/// <param name="Key">The key, unique among a model's texts; it is not empty and does not begin with <c>deeplearn.</c>.</param>
/// <param name="Text">The text.</param>
public sealed record ModelText(string Key, string Text);
