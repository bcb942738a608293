namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The ways to take a product that has been described, which <see cref="Dispatch"/> chooses among. (It takes the shortest products by
/// <see cref="OnePanelProduct"/> before they are described.)
/// </summary>
internal enum ProductPath
{
    /// <summary><see cref="ShallowProduct"/>.</summary>
    Shallow,

    /// <summary><see cref="Paths.MatrixVectors"/>.</summary>
    MatrixVectors,

    /// <summary>One column, as a row of the transposed product.</summary>
    ColumnAsRow,

    /// <summary><see cref="ColumnProduct"/>.</summary>
    Columns,

    /// <summary><see cref="SmallProduct"/>.</summary>
    Small,

    /// <summary><see cref="BlockedProduct"/>.</summary>
    Blocked,

    /// <summary><see cref="PackedProduct"/>: the right operand was packed before.</summary>
    Packed,

    /// <summary><see cref="ByteProduct"/>: the left operand is rows of bytes.</summary>
    Bytes,
}
