namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>From what the chain of each element starts.</summary>
internal enum ChainStart
{
    /// <summary>From +0; the result is not read.</summary>
    Zero,

    /// <summary>From the result as it is.</summary>
    Result,

    /// <summary>From the result times beta, rounded.</summary>
    ScaledResult,

    /// <summary>From the bias of the column.</summary>
    Bias,
}
