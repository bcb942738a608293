namespace DeepLearn.Kernels.Convolution;

/// <summary>The positions that have something to add to the gradients of some weights.</summary>
/// <param name="FirstRow">The first row.</param>
/// <param name="EndRow">The row behind the last; no more than the first where there is no position.</param>
/// <param name="FirstColumn">The first column.</param>
/// <param name="Columns">The columns.</param>
internal readonly record struct WeightRange(int FirstRow, int EndRow, int FirstColumn, int Columns);
