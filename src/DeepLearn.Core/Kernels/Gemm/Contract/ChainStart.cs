namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>The value from which the chain of each element starts.</summary>
internal enum ChainStart
{
    /// <summary>+0; the result is not read.</summary>
    Zero,

    /// <summary>The old result.</summary>
    Result,

    /// <summary>The old result times beta, rounded.</summary>
    ScaledResult,

    /// <summary>The bias of the column.</summary>
    Bias,
}
