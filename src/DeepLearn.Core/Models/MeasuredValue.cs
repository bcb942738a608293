namespace DeepLearn.Models;

/// <summary>A measurement of a model, such as its accuracy on the validation set.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The value, finite.</param>
public sealed record MeasuredValue(string Name, double Value);
