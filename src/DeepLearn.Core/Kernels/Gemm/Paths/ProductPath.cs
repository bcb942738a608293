namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The ways to compute a product; <see cref="Dispatch"/> chooses one. The smallest products go to <see cref="OnePanelProduct"/> before a
/// <see cref="Contract.Product{T}"/> is filled in.
/// </summary>
internal enum ProductPath
{
    /// <summary><see cref="ShallowProduct"/>.</summary>
    Shallow,

    /// <summary><see cref="Paths.StreamedRows"/>.</summary>
    StreamedRows,

    /// <summary><see cref="Paths.MatrixVectors"/>.</summary>
    MatrixVectors,

    /// <summary>One column, computed as a row of the transposed product.</summary>
    ColumnAsRow,

    /// <summary><see cref="ColumnProduct"/>.</summary>
    Columns,

    /// <summary><see cref="SmallProduct"/>.</summary>
    Small,

    /// <summary><see cref="BlockedProduct"/>.</summary>
    Blocked,

    /// <summary><see cref="PackedProduct"/>: the right operand has been packed.</summary>
    Packed,

    /// <summary><see cref="ByteProduct"/>: the left operand is rows of bytes.</summary>
    Bytes,
}
