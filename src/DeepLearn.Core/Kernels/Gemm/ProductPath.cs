namespace DeepLearn.Kernels.Gemm;

/// <summary>The ways that <see cref="Dispatch"/> chooses among.</summary>
internal enum ProductPath
{
    /// <summary><see cref="Gemm.MatrixVector"/>.</summary>
    MatrixVector,

    /// <summary><see cref="ColumnProduct"/>.</summary>
    Columns,

    /// <summary><see cref="SmallProduct"/>.</summary>
    Small,

    /// <summary><see cref="BlockedProduct"/>.</summary>
    Blocked,
}
