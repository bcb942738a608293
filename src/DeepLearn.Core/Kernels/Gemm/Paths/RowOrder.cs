namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The order in which the blocks of rows of a product are computed. It changes no bit, only what the caches hold before and after.
/// </summary>
internal enum RowOrder
{
    /// <summary>The first rows first.</summary>
    FromStart,

    /// <summary>
    /// The last rows first. A product with a transposed A is most often the gradient of a layer's weights, X^T G. The forward pass has left
    /// the inputs and weights of its last rows in the caches, and the next forward pass begins with its first rows.
    /// </summary>
    FromEnd,
}
