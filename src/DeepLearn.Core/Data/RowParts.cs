namespace DeepLearn.Data;

/// <summary>The rows of a training and of a validation part, in ascending order.</summary>
/// <param name="Training">Those to learn from.</param>
/// <param name="Validation">Those to measure on.</param>
internal readonly record struct RowParts(int[] Training, int[] Validation);
