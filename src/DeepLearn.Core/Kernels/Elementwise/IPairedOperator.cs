namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// Marks a long function that is short enough for two vectors in one loop. The compiler inlines into a method only so much, and what it
/// leaves out costs a call for each operation: the disassembly has to be looked at.
/// </summary>
internal interface IPairedOperator;
