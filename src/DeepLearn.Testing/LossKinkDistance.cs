using DeepLearn.Losses;

namespace DeepLearn.Testing;

/// <summary>How far one example is from the nearest place where a loss has no derivative, such as the corner of a hinge.</summary>
/// <param name="loss">The loss.</param>
/// <param name="outputs">The outputs of the example.</param>
/// <param name="values">Its row of values, where targets are values; else empty.</param>
/// <param name="label">Its label, where targets are labels; else -1.</param>
/// <returns>The distance, at least 0; infinite where there is no such place.</returns>
public delegate double LossKinkDistance(Loss loss, ReadOnlySpan<double> outputs, ReadOnlySpan<double> values, int label);
