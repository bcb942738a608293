namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// Marks a long function that is short enough for a loop over two vectors at a time. The JIT inlines only a limited amount of code into a
/// method, and every operation beyond the limit costs a call. So check the disassembly before you add this to an operator.
/// </summary>
internal interface IPairedOperator;
